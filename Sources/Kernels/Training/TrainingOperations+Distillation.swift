import CKernels

extension TrainingOperations {
    /// What a teacher says of rows of logits: the likeliest tokens and their probabilities, as many for each row.
    package struct Teacher: Sendable {
        /// Tokens that a row names.
        package let count: Int
        /// rows x count
        package let ids: [Int32]
        /// Softmax of the teacher's logits divided by the temperature; a row's sum is at most 1.
        package let probabilities: [Float]
        package let temperature: Float
        /// What the divergence counts; the cross-entropy counts the rest.
        package let alpha: Float

        package static let countMax = Int(DK_TEACHER_MAX)

        /// - Precondition: 1 to `countMax` tokens a row, different ones; a temperature above 0, 0 <= alpha <= 1.
        package init(count: Int, ids: [Int32], probabilities: [Float], temperature: Float, alpha: Float) {
            precondition((1...Self.countMax).contains(count) && ids.count % count == 0, "\(count) tokens a row")
            precondition(ids.count == probabilities.count && temperature > 0 && (0...1).contains(alpha))
            self.count = count
            self.ids = ids
            self.probabilities = probabilities
            self.temperature = temperature
            self.alpha = alpha
        }

        package var rows: Int { ids.count / count }
    }

    /// As `crossEntropy`, with a teacher besides: the gradient is that of alpha T² divergence + (1 - alpha) loss.
    ///
    /// - Parameters:
    ///   - first: the teacher's row for the first row of logits.
    ///   - divergences: from the teacher, in nats; 0 where there is no target.
    /// - Precondition: the teacher has these rows, and its ids lie in the vocabulary.
    package static func distillation(
        _ logits: NumberMatrix, targets: ArraySlice<Int32>, _ teacher: Teacher, first: Int,
        losses: UnsafeMutableBufferPointer<Float>, divergences: UnsafeMutableBufferPointer<Float>,
        vocabularySize: Int, gradientAs precision: NumberPrecision?, scale: Float
    ) {
        precondition(targets.count == logits.rows && losses.count == logits.rows && divergences.count == logits.rows)
        precondition(logits.columns % 32 == 0 && logits.columns >= vocabularySize)
        precondition(first >= 0 && first + logits.rows <= teacher.rows, "rows \(first)… of \(teacher.rows)")
        let own = first * teacher.count..<(first + logits.rows) * teacher.count
        precondition(teacher.ids[own].allSatisfy { (0..<vocabularySize).contains(Int($0)) }, "a teacher's token")
        targets.withUnsafeBufferPointer { targets in
            teacher.ids.withUnsafeBufferPointer { ids in
                teacher.probabilities.withUnsafeBufferPointer { probabilities in
                    guard logits.rows > 0, let ids = ids.baseAddress, let shares = probabilities.baseAddress else {
                        return
                    }
                    var values = dk_teacher(
                        ids: ids + own.lowerBound, probabilities: shares + own.lowerBound,
                        count: Int64(teacher.count), temperature: teacher.temperature, alpha: teacher.alpha)
                    kernels.distillation(
                        logits.floats, Int64(logits.stride), targets.baseAddress, &values, losses.baseAddress,
                        divergences.baseAddress, Int64(logits.rows), Int64(vocabularySize), Int64(logits.columns),
                        precision != nil, precision == .bf16, scale)
                }
            }
        }
    }
}
