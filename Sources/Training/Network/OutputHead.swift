import Kernels

/// The last norm, the head and the loss, in chunks of tokens: never more than one chunk's logits exist.
///
///     y = norm(x),  z = y Eᵀ,  loss = Σ log Σ e^z - z_target
final class OutputHead: Sendable {
    let norm: LayerWeights.NormWeight
    let head: PackedWeight
    private let shape: Shape
    private let precision: Precision
    /// Tokens of a chunk.
    let chunkTokens: Int
    private let logits: NumberMatrix
    private let normed: NumberMatrix
    private let logitFactor: Panels
    private let inputFactor: Panels
    private let shares: NumberMatrix
    private let losses: FloatBuffer
    private let memory: MatrixMemory

    /// Bytes of a chunk's logits, unless one piece needs more.
    private static let logitBytesMax = 16 << 20
    /// Tokens of one worker's piece.
    private static let pieceTokens = 48

    init(_ norm: LayerWeights.NormWeight, _ head: PackedWeight, _ shape: Shape, precision: Precision)
        throws(KernelsError)
    {
        self.norm = norm
        self.head = head
        self.shape = shape
        self.precision = precision
        let fitting = Self.logitBytesMax / (4 * shape.paddedVocabulary) / Self.pieceTokens
        chunkTokens = max(2, fitting) * Self.pieceTokens
        var memory = MatrixMemory()
        logits = try memory.matrix(chunkTokens, shape.paddedVocabulary, .fp32)
        normed = try memory.matrix(chunkTokens, shape.width, precision)
        logitFactor = try Panels(lanes: shape.paddedVocabulary, depth: chunkTokens, precision: precision)
        inputFactor = try Panels(lanes: shape.width, depth: chunkTokens, precision: precision)
        shares = try memory.matrix((shape.tokens + Self.pieceTokens - 1) / Self.pieceTokens + 1, shape.width, .fp32)
        losses = FloatBuffer(count: shape.tokens)
        self.memory = memory
    }

    /// Losses of all tokens, 0 where there is no target.
    func losses(_ x: NumberMatrix, _ pass: Pass) -> [Float] {
        eachChunk(pass) { chunk in
            eachPiece(chunk, pass) { rows, local, _ in
                normalize(x, rows, local)
                multiplyByHead(local)
                computeLosses(pass, rows, local, gradientScale: nil)
            }
        }
        return (0..<pass.tokens).map { losses[$0] }
    }

    /// Adds the gradients of the head and the norm, sets that of x, and returns the sum of losses.
    ///
    /// - Parameter gradient: of x; overwritten.
    func forwardBackward(_ x: NumberMatrix, gradient: NumberMatrix, _ pass: Pass, scale: Float) -> LossSum {
        shares.zero()
        eachChunk(pass) { chunk in
            eachPiece(chunk, pass) { rows, local, worker in
                // A prompt that teaches nothing needs no logits: their gradients are zeros.
                let teaches = pass.batch.targets[rows].contains { $0 >= 0 }
                normalize(x, rows, local)
                if teaches { multiplyByHead(local) }
                computeLosses(pass, rows, local, gradientScale: scale)
                packFactors(local)
                gradient.rows(rows).zero()
                if teaches { backward(x, gradient, pass, rows, local, worker) }
            }
            let weight = WeightGradient(
                outputGradient: logitFactor, input: inputFactor, tokens: chunk.count, gradient: head.gradient)
            pass.pool.forEach(count: weight.pieces) { piece, _ in weight.add(piece: piece) }
        }
        TrainingOperations.addRows(shares, to: norm.gradient)
        var result = LossSum()
        for (index, target) in pass.batch.targets.enumerated() where target >= 0 {
            result.sum += Double(losses[index])
            result.targets += 1
        }
        return result
    }

    /// Logits of all tokens, row by row.
    func logits(_ x: NumberMatrix, _ pass: Pass) -> [Float] {
        var result: [Float] = []
        eachChunk(pass) { chunk in
            eachPiece(chunk, pass) { rows, local, _ in
                normalize(x, rows, local)
                multiplyByHead(local)
            }
            result += logits.rows(0..<chunk.count).columns(0..<shape.vocabularySize).copy()
        }
        return result
    }

    private func eachChunk(_ pass: Pass, _ body: (Range<Int>) -> Void) {
        for first in stride(from: 0, to: pass.tokens, by: chunkTokens) {
            body(first..<min(pass.tokens, first + chunkTokens))
        }
    }

    /// Pieces of a chunk: tokens of the batch, and the same counted from the chunk's first.
    private func eachPiece(
        _ chunk: Range<Int>, _ pass: Pass, _ body: (_ rows: Range<Int>, _ local: Range<Int>, _ worker: Int) -> Void
    ) {
        pass.pool.forEach(count: (chunk.count + Self.pieceTokens - 1) / Self.pieceTokens) { piece, worker in
            let local = piece * Self.pieceTokens..<min(chunk.count, (piece + 1) * Self.pieceTokens)
            body(chunk.lowerBound + local.lowerBound..<chunk.lowerBound + local.upperBound, local, worker)
        }
    }

    private func normalize(_ x: NumberMatrix, _ rows: Range<Int>, _ local: Range<Int>) {
        TrainingOperations.norm(
            x.rows(rows), weight: norm.weight, epsilon: shape.epsilon, into: normed.rows(local))
    }

    private func multiplyByHead(_ local: Range<Int>) {
        PanelProduct.multiply(normed.rows(local), by: head.forward, into: logits.rows(local))
    }

    private func computeLosses(_ pass: Pass, _ rows: Range<Int>, _ local: Range<Int>, gradientScale: Float?) {
        losses.withUnsafeMutableBufferPointer { all in
            TrainingOperations.crossEntropy(
                logits.rows(local), targets: pass.batch.targets[rows],
                losses: UnsafeMutableBufferPointer(rebasing: all[rows]), vocabularySize: shape.vocabularySize,
                gradientAs: gradientScale == nil ? nil : precision, scale: gradientScale ?? 0)
        }
    }

    /// Of logits, in their place.
    private func slopes(_ local: Range<Int>) -> NumberMatrix {
        precision == .bf16 ? logits.rows(local).reinterpreted(as: .bf16) : logits.rows(local)
    }

    private func packFactors(_ local: Range<Int>) {
        logitFactor.pack(columnsOf: slopes(local), at: local.lowerBound)
        inputFactor.pack(columnsOf: normed.rows(local), at: local.lowerBound)
    }

    private func backward(
        _ x: NumberMatrix, _ gradient: NumberMatrix, _ pass: Pass, _ rows: Range<Int>, _ local: Range<Int>,
        _ worker: Int
    ) {
        let normGradient = pass.workspace.blocks[worker].normGradient.rows(0..<rows.count)
        PanelProduct.multiply(slopes(local), by: head.backward, into: normGradient)
        let share = rows.lowerBound / Self.pieceTokens
        TrainingOperations.normBackward(
            x.rows(rows), weight: norm.weight, epsilon: shape.epsilon, yGradient: normGradient,
            xGradient: gradient.rows(rows), weightGradient: shares.rows(share..<share + 1))
    }
}
