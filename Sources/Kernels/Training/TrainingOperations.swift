import CKernels

/// The layers' functions on blocks of tokens and, beside each, its derivative. Formulae and sources stand in CKernels'
/// training headers. Each is computed by the calling worker; a row's result does not depend on other rows.
package enum TrainingOperations {
    static var kernels: dk_training_kernels { TrainingKernels.table.pointee }

    /// y = x / √(mean(x²) + epsilon) * weight; x fp32.
    package static func norm(_ x: NumberMatrix, weight: NumberMatrix, epsilon: Float, into y: NumberMatrix) {
        precondition(y.rows == x.rows && y.columns == x.columns && weight.columns == x.columns, "norm of \(x.shape)")
        var out = y.values
        kernels.norm(x.contiguousFloats, weight.floats, epsilon, &out, Int64(x.rows), Int64(x.columns))
    }

    /// xGradient += the derivative; weightGradient (one row) += its share.
    package static func normBackward(
        _ x: NumberMatrix, weight: NumberMatrix, epsilon: Float, yGradient: NumberMatrix, xGradient: NumberMatrix,
        weightGradient: NumberMatrix
    ) {
        precondition(yGradient.rows == x.rows && xGradient.rows == x.rows && weightGradient.columns == x.columns)
        precondition(yGradient.columns == x.columns && xGradient.columns == x.columns && weight.columns == x.columns)
        kernels.norm_backward(
            x.contiguousFloats, weight.floats, epsilon, yGradient.contiguousFloats, xGradient.contiguousFloats,
            weightGradient.floats, Int64(x.rows), Int64(x.columns))
    }

    /// Norm and rotation of every head of x, as Qwen3 does it to queries and keys; y may be x.
    ///
    /// - Precondition: one position a row, within the angles.
    package static func headNorm(
        _ x: NumberMatrix, weight: NumberMatrix, epsilon: Float, angles: RotaryTable, positions: ArraySlice<Int32>,
        into y: NumberMatrix
    ) {
        let head = check(x, y, weight, angles, positions)
        var (source, out) = (x.values, y.values)
        positions.withUnsafeBufferPointer {
            kernels.head_norm(
                &source, weight.floats, epsilon, angles.cosines.pointer, angles.sines.pointer, $0.baseAddress, &out,
                Int64(x.rows), Int64(x.columns / head), Int64(head))
        }
    }

    /// In place: y's gradient becomes x's; weightGradient += its share.
    package static func headNormBackward(
        _ x: NumberMatrix, weight: NumberMatrix, epsilon: Float, angles: RotaryTable, positions: ArraySlice<Int32>,
        gradient: NumberMatrix, weightGradient: NumberMatrix
    ) {
        let head = check(x, gradient, weight, angles, positions)
        precondition(weightGradient.columns == head)
        var (source, values) = (x.values, gradient.values)
        positions.withUnsafeBufferPointer {
            kernels.head_norm_backward(
                &source, weight.floats, epsilon, angles.cosines.pointer, angles.sines.pointer, $0.baseAddress, &values,
                weightGradient.floats, Int64(x.rows), Int64(x.columns / head), Int64(head))
        }
    }

    private static func check(
        _ x: NumberMatrix, _ y: NumberMatrix, _ weight: NumberMatrix, _ angles: RotaryTable,
        _ positions: ArraySlice<Int32>
    ) -> Int {
        let head = weight.columns
        precondition(y.rows == x.rows && y.columns == x.columns && x.columns % head == 0, "heads of \(x.shape)")
        precondition(x.precision == y.precision && head == angles.pairs * 2 && positions.count == x.rows)
        precondition(head % 32 == 0 && head <= 256, "heads of \(head)")
        return head
    }

    /// out = silu(gate) * up; x holds the gates' columns, then the ups'.
    package static func swiglu(_ x: NumberMatrix, into out: NumberMatrix) {
        precondition(x.columns == 2 * out.columns && x.rows == out.rows && x.precision == out.precision)
        var (source, target) = (x.values, out.values)
        kernels.swiglu(&source, &target, Int64(x.rows), Int64(out.columns))
    }

    /// From out's gradient x's, and out itself once more. xGradient may be x, out may be outGradient.
    package static func swigluBackward(
        _ x: NumberMatrix, outGradient: NumberMatrix, xGradient: NumberMatrix, out: NumberMatrix
    ) {
        precondition(x.columns == 2 * out.columns && x.rows == out.rows && x.precision == out.precision)
        precondition(outGradient.rows == out.rows && outGradient.columns == out.columns)
        precondition(xGradient.rows == x.rows && xGradient.columns == x.columns)
        precondition(outGradient.precision == x.precision && xGradient.precision == x.precision)
        var (source, from, to, target) = (x.values, outGradient.values, xGradient.values, out.values)
        kernels.swiglu_backward(&source, &from, &to, &target, Int64(x.rows), Int64(out.columns))
    }

    /// fp32 to the precision of `out`.
    package static func convert(_ x: NumberMatrix, into out: NumberMatrix) {
        precondition(out.rows == x.rows && out.columns == x.columns)
        for row in 0..<x.rows {
            let source = x.floats + row * x.stride
            let target = out.pointer + row * out.stride * out.precision.bytes
            if out.precision == .fp32 {
                target.assumingMemoryBound(to: Float.self).update(from: source, count: x.columns)
            } else {
                kernels.convert(source, target.assumingMemoryBound(to: UInt16.self), Int64(x.columns))
            }
        }
    }

    /// Losses in nats of rows of logits, 0 where a target is negative. With a gradient, the logits become it times
    /// `scale`: numbers of `precision` from each row's start, zero beyond the vocabulary.
    ///
    /// - Parameter logits: rows of the vocabulary's size rounded up to 32.
    package static func crossEntropy(
        _ logits: NumberMatrix, targets: ArraySlice<Int32>, losses: UnsafeMutableBufferPointer<Float>,
        vocabularySize: Int, gradientAs precision: NumberPrecision?, scale: Float
    ) {
        precondition(targets.count == logits.rows && losses.count == logits.rows)
        precondition(logits.columns % 32 == 0 && logits.columns >= vocabularySize)
        targets.withUnsafeBufferPointer {
            kernels.cross_entropy(
                logits.floats, Int64(logits.stride), $0.baseAddress, losses.baseAddress, Int64(logits.rows),
                Int64(vocabularySize), Int64(logits.columns), precision != nil, precision == .bf16, scale)
        }
    }

    /// Row r of x becomes row tokens[r] of the table.
    package static func lookUp(_ tokens: ArraySlice<Int32>, in table: NumberMatrix, into x: NumberMatrix) {
        precondition(x.rows == tokens.count && x.columns == table.columns)
        for (row, token) in tokens.enumerated() {
            precondition(token >= 0 && Int(token) < table.rows, "token \(token) of \(table.rows)")
            (x.floats + row * x.stride).update(from: table.floats + Int(token) * table.stride, count: x.columns)
        }
    }

    /// Row tokens[r] of the table += row r of x, in rising order.
    package static func scatter(_ x: NumberMatrix, to tokens: ArraySlice<Int32>, of table: NumberMatrix) {
        precondition(x.rows == tokens.count && x.columns == table.columns)
        for (row, token) in tokens.enumerated() {
            precondition(token >= 0 && Int(token) < table.rows, "token \(token) of \(table.rows)")
            Kernels.table.pointee.add(
                table.floats + Int(token) * table.stride, x.floats + row * x.stride, Int64(x.columns))
        }
    }

    /// The one row of `sum` += all rows of x, in rising order.
    package static func addRows(_ x: NumberMatrix, to sum: NumberMatrix) {
        precondition(sum.columns == x.columns)
        for row in 0..<x.rows {
            Kernels.table.pointee.add(sum.floats, x.floats + row * x.stride, Int64(x.columns))
        }
    }
}
