import Kernels

/// The last norm, the head and the loss, in chunks of tokens: never more than one chunk's logits exist.
///
///     y = norm(x),  z = y Eᵀ,  loss = Σ log Σ e^z - z_target
final class OutputHead: Sendable {
    let norm: VectorWeight
    let head: PackedWeight
    private let shape: Shape
    private let precision: Precision
    /// Tokens of a chunk.
    let chunkTokens: Int
    private let logits: NumberMatrix
    private let normed: NumberMatrix
    /// Factors of the head's gradient; nil when it is frozen.
    private let factors: (logits: Panels, input: Panels)?
    private let shares: NumberMatrix
    private let losses: FloatBuffer
    /// From a teacher.
    private let divergences: FloatBuffer
    private let memory: MatrixMemory

    /// Bytes of a chunk's logits, unless one piece needs more.
    private static let logitBytesMax = 16 << 20
    /// Tokens of one worker's piece at most.
    static let pieceTokens = 48

    init(
        _ norm: VectorWeight, _ head: PackedWeight, _ shape: Shape, precision: Precision, threads: Int
    ) throws(KernelsError) {
        self.norm = norm
        self.head = head
        self.shape = shape
        self.precision = precision
        let fitting = Self.logitBytesMax / (4 * shape.paddedVocabulary) / Self.pieceTokens
        // A trained head's gradient is summed by chunk: those are the same for any number of workers.
        chunkTokens = max(head.gradient == nil ? threads : 2, fitting) * Self.pieceTokens
        var memory = MatrixMemory()
        logits = try memory.matrix(chunkTokens, shape.paddedVocabulary, .fp32)
        normed = try memory.matrix(chunkTokens, shape.width, precision)
        factors =
            head.gradient == nil
            ? nil
            : (
                try Panels(lanes: shape.paddedVocabulary, depth: chunkTokens, precision: precision),
                try Panels(lanes: shape.width, depth: chunkTokens, precision: precision)
            )
        let pieceTokens = norm.gradient == nil ? TokenPieces.tileRows : Self.pieceTokens
        shares = try memory.matrix((shape.tokens + pieceTokens - 1) / pieceTokens + 1, shape.width, .fp32)
        losses = FloatBuffer(count: shape.tokens)
        divergences = FloatBuffer(count: shape.tokens)
        self.memory = memory
    }

    /// Losses of rows of the stream, 0 where there is no target.
    func losses(_ x: NumberMatrix, _ targets: [Int32], _ pass: Pass) -> [Float] {
        let piece = pieceTokens(targets.count, pass)
        eachChunk(targets.count, piece) { chunk in
            eachPiece(chunk, piece, pass) { rows, local, worker in
                normalize(x, rows, local)
                multiplyByHead(local, pass, worker)
                computeLosses(targets, rows, local, nil)
            }
        }
        return targets.indices.map { losses[$0] }
    }

    /// Adds the gradients of the head and the norm, sets that of x, and returns the sum of losses.
    ///
    /// - Parameters:
    ///   - x: as many rows of the stream as there are targets.
    ///   - gradient: of x; overwritten.
    ///   - weights: of the losses in the gradient; the sum is of losses as they are.
    func forwardBackward(
        _ x: NumberMatrix, _ targets: [Int32], gradient: NumberMatrix, _ pass: Pass, _ weights: LossWeights
    ) -> LossSum {
        shares.zero()
        let piece = pieceTokens(targets.count, pass)
        eachChunk(targets.count, piece) { chunk in
            eachPiece(chunk, piece, pass) { rows, local, worker in
                // A prompt that teaches nothing needs no logits: their gradients are zeros.
                let teaches = targets[rows].contains { $0 >= 0 }
                normalize(x, rows, local)
                if teaches { multiplyByHead(local, pass, worker) }
                computeLosses(targets, rows, local, weights)
                packFactors(local)
                gradient.rows(rows).zero()
                if teaches { backward(x, gradient, pass, rows, local, worker, share: rows.lowerBound / piece) }
            }
            addGradient(tokens: chunk.count, pass)
        }
        if let gradient = norm.gradient { TrainingOperations.addRows(shares, to: gradient) }
        var result = LossSum()
        for (index, target) in targets.enumerated() where target >= 0 {
            result.sum += Double(losses[index])
            result.targets += 1
        }
        return result
    }

    /// Logits of all tokens, row by row.
    func logits(_ x: NumberMatrix, _ pass: Pass) -> [Float] {
        var result: [Float] = []
        eachChunk(pass.tokens, Self.pieceTokens) { chunk in
            eachPiece(chunk, Self.pieceTokens, pass) { rows, local, worker in
                normalize(x, rows, local)
                multiplyByHead(local, pass, worker)
            }
            result += logits.rows(0..<chunk.count).columns(0..<shape.vocabularySize).copy()
        }
        return result
    }

    /// Pieces that leave no worker waiting for long. (Shares of a norm's gradient are summed by piece: where it is
    /// trained pieces stay as they are.)
    private func pieceTokens(_ count: Int, _ pass: Pass) -> Int {
        guard norm.gradient == nil else { return Self.pieceTokens }
        return TokenPieces.balanced(count, threads: pass.threads, max: Self.pieceTokens)
    }

    private func eachChunk(_ count: Int, _ piece: Int, _ body: (Range<Int>) -> Void) {
        let chunk = chunkTokens / piece * piece
        for first in stride(from: 0, to: count, by: chunk) {
            body(first..<min(count, first + chunk))
        }
    }

    /// Pieces of a chunk: rows, and the same counted from the chunk's first.
    private func eachPiece(
        _ chunk: Range<Int>, _ size: Int, _ pass: Pass,
        _ body: (_ rows: Range<Int>, _ local: Range<Int>, _ worker: Int) -> Void
    ) {
        pass.forEach(count: (chunk.count + size - 1) / size) { piece, worker in
            let local = piece * size..<min(chunk.count, (piece + 1) * size)
            body(chunk.lowerBound + local.lowerBound..<chunk.lowerBound + local.upperBound, local, worker)
        }
    }

    private func normalize(_ x: NumberMatrix, _ rows: Range<Int>, _ local: Range<Int>) {
        TrainingOperations.norm(
            x.rows(rows), weight: norm.weight, epsilon: shape.epsilon, into: normed.rows(local))
    }

    private func multiplyByHead(_ local: Range<Int>, _ pass: Pass, _ worker: Int) {
        head.multiply(
            normed.rows(local), into: logits.rows(local), nil, pass.workspace.blocks[worker].quantized)
    }

    /// - Parameter weights: of a gradient, which takes the logits' place; nil for none.
    private func computeLosses(_ targets: [Int32], _ rows: Range<Int>, _ local: Range<Int>, _ weights: LossWeights?) {
        func compute(_ rows: Range<Int>, _ local: Range<Int>, _ scale: Float?) {
            losses.withUnsafeMutableBufferPointer { all in
                TrainingOperations.crossEntropy(
                    logits.rows(local), targets: targets[rows],
                    losses: UnsafeMutableBufferPointer(rebasing: all[rows]), vocabularySize: shape.vocabularySize,
                    gradientAs: scale == nil ? nil : precision, scale: scale ?? 0)
            }
        }
        switch weights {
        case nil: compute(rows, local, nil)
        case .same(let scale): compute(rows, local, scale)
        case .taught(let teacher, let scale): computeDivergences(targets, rows, local, teacher, scale: scale)
        case .each(let weights):
            for (row, place) in zip(rows, local) { compute(row..<row + 1, place..<place + 1, weights[row]) }
        }
    }

    private func computeDivergences(
        _ targets: [Int32], _ rows: Range<Int>, _ local: Range<Int>, _ teacher: TrainingOperations.Teacher, scale: Float
    ) {
        losses.withUnsafeMutableBufferPointer { losses in
            divergences.withUnsafeMutableBufferPointer { divergences in
                TrainingOperations.distillation(
                    logits.rows(local), targets: targets[rows], teacher, first: rows.lowerBound,
                    losses: UnsafeMutableBufferPointer(rebasing: losses[rows]),
                    divergences: UnsafeMutableBufferPointer(rebasing: divergences[rows]),
                    vocabularySize: shape.vocabularySize, gradientAs: precision, scale: scale)
            }
        }
    }

    /// Of the last pass with a teacher: nats, over so many rows.
    func divergence(rows: Int) -> Double { (0..<rows).reduce(0) { $0 + Double(divergences[$1]) } }

    /// Of logits, in their place.
    private func slopes(_ local: Range<Int>) -> NumberMatrix {
        precision == .bf16 ? logits.rows(local).reinterpreted(as: .bf16) : logits.rows(local)
    }

    private func packFactors(_ local: Range<Int>) {
        factors?.logits.pack(columnsOf: slopes(local), at: local.lowerBound)
        factors?.input.pack(columnsOf: normed.rows(local), at: local.lowerBound)
    }

    /// Of the head, from a chunk's factors.
    private func addGradient(tokens: Int, _ pass: Pass) {
        guard let factors, let gradient = head.gradient else { return }
        let weight = WeightGradient(
            outputGradient: factors.logits, input: factors.input, tokens: tokens, gradient: gradient)
        pass.forEach(count: weight.pieces) { piece, _ in weight.add(piece: piece) }
    }

    private func backward(
        _ x: NumberMatrix, _ gradient: NumberMatrix, _ pass: Pass, _ rows: Range<Int>, _ local: Range<Int>,
        _ worker: Int, share: Int
    ) {
        let normGradient = pass.workspace.blocks[worker].normGradient.rows(0..<rows.count)
        PanelProduct.multiply(slopes(local), by: head.backward, into: normGradient)
        TrainingOperations.normBackward(
            x.rows(rows), weight: norm.weight, epsilon: shape.epsilon, yGradient: normGradient,
            xGradient: gradient.rows(rows), weightGradient: shares.rows(share..<share + 1))
    }
}
