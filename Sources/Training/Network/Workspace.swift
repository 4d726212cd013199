import Kernels

/// Memory of the passes: allocated once, used by every layer in turn.
final class Workspace: Sendable {
    /// Gradient of the residual stream; fp32.
    let residualGradient: NumberMatrix
    /// Gradients of queries, keys and values.
    let attentionGradient: NumberMatrix
    let mixedGradient: NumberMatrix
    /// Factors of weights' gradients: units run along the tokens. Nil when weights are frozen: adapters have theirs.
    let factors: Factors?
    /// A block's share of norms' gradients: a row a block.
    let wideShares: NumberMatrix
    let queryShares: NumberMatrix
    let keyShares: NumberMatrix
    let biasShares: NumberMatrix
    let blocks: [BlockMemory]
    private let attentionScratch: [NumberBuffer]
    private let memory: MatrixMemory

    struct Factors: Sendable {
        let residual: Panels
        let middle: Panels
        let hidden: Panels
        let gateUp: Panels
        let feedForwardInput: Panels
        let mixed: Panels
        let attention: Panels
        let attentionInput: Panels
    }

    /// One worker's memory for one block of tokens. Inputs of products have room for adapters' terms.
    struct BlockMemory: Sendable {
        /// Normed input of a product; also fp32 gradients converted.
        let normed: NumberMatrix
        let hidden: NumberMatrix
        let gateUp: NumberMatrix
        let normGradient: NumberMatrix
        /// For adapters' dropout; nil without.
        let noise: (kept: NumberMatrix, slope: NumberMatrix)?
        /// For products with weights that stay quantised; nil without.
        let quantized: QuantizedScratch?
    }

    /// - Parameters:
    ///   - room: columns of adapters.
    ///   - isFrozen: weights have no gradients.
    ///   - isQuantized: nor are they expanded for the way forward.
    init(
        _ shape: Shape, precision: Precision, threads: Int, attention: TrainingAttention, room: AdapterRoom = .none,
        isFrozen: Bool = false, isQuantized: Bool = false, hasNoise: Bool = false
    ) throws(KernelsError) {
        var memory = MatrixMemory()
        func factor(_ lanes: Int) throws(KernelsError) -> Panels {
            try Panels(lanes: lanes, depth: shape.tokens, precision: precision)
        }
        let block = shape.blockTokens
        let blockCount = (shape.tokens + block - 1) / block
        residualGradient = try memory.matrix(shape.tokens, shape.width, .fp32)
        attentionGradient = try memory.matrix(
            shape.tokens, shape.attentionColumns + room.attentionInput, precision)
        mixedGradient = try memory.matrix(shape.tokens, shape.queryColumns, precision)
        wideShares = try memory.matrix(blockCount, shape.width, .fp32)
        queryShares = try memory.matrix(blockCount, shape.headDim, .fp32)
        keyShares = try memory.matrix(blockCount, shape.headDim, .fp32)
        biasShares = try memory.matrix(shape.hasBiases ? blockCount : 0, shape.attentionColumns, .fp32)
        factors =
            isFrozen
            ? nil
            : Factors(
                residual: try factor(shape.width), middle: try factor(shape.width), hidden: try factor(shape.inner),
                gateUp: try factor(2 * shape.inner), feedForwardInput: try factor(shape.width),
                mixed: try factor(shape.queryColumns), attention: try factor(shape.attentionColumns),
                attentionInput: try factor(shape.width))
        let widest = max(shape.width, shape.inner, shape.queryColumns)
        var blocks: [BlockMemory] = []
        var scratch: [NumberBuffer] = []
        for _ in 0..<threads {
            blocks.append(
                BlockMemory(
                    normed: try memory.matrix(block, shape.width + room.most, precision),
                    hidden: try memory.matrix(block, shape.inner + room.feedForwardOutput, precision),
                    gateUp: try memory.matrix(block, 2 * shape.inner + room.feedForwardInput, precision),
                    normGradient: try memory.matrix(block, shape.width, .fp32),
                    noise: hasNoise
                        ? (
                            try memory.matrix(block, widest, precision), try memory.matrix(block, widest, .fp32)
                        ) : nil,
                    quantized: isQuantized
                        ? try QuantizedScratch(rows: max(block, OutputHead.pieceTokens), depth: widest) : nil))
            scratch.append(try attention.makeScratch(tokens: shape.sequence, precision: precision))
        }
        self.blocks = blocks
        attentionScratch = scratch
        self.memory = memory
    }

    func attentionScratch(_ worker: Int) -> NumberBuffer { attentionScratch[worker] }
}
