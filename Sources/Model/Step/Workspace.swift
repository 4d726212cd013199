import Kernels

/// The buffers of one step at a time.
///
/// Memory is taken page by page as steps first use it. Not thread-safe: whoever runs the steps owns it.
public final class Workspace {
    public let tokensMax: Int
    public let logitRowsMax: Int
    let residual: FloatBuffer
    let normed: FloatBuffer
    let queries: FloatBuffer
    let keys: FloatBuffer
    let values: FloatBuffer
    /// Attention's output, before its projection.
    let mixed: FloatBuffer
    let gate: FloatBuffer
    let up: FloatBuffer
    let logits: FloatBuffer
    let scores: FloatBuffer
    let expertInput: FloatBuffer
    let expertOutput: FloatBuffer
    let expertSum: FloatBuffer
    /// What adapters compute between their two matrices, and what they add. Made when a step first needs them.
    private var innerOfAdapters = FloatBuffer(count: 0)
    private var sumsOfAdapters = FloatBuffer(count: 0)

    /// - Parameters:
    ///   - tokensMax: tokens of one step, all runs together.
    ///   - logitRowsMax: rows of logits of one step; each takes 4 * vocabularySize bytes.
    public init(_ model: Transformer, tokensMax: Int, logitRowsMax: Int) {
        precondition(tokensMax > 0 && logitRowsMax >= 0, "a workspace for \(tokensMax) tokens, \(logitRowsMax) rows")
        self.tokensMax = tokensMax
        self.logitRowsMax = logitRowsMax
        let shape = model.configuration
        let experts = shape.experts
        let stream = tokensMax * shape.embeddingDim
        let inner = max(
            tokensMax * max(shape.feedForwardDim, experts?.sharedFeedForwardDim ?? 0),
            max(tokensMax, experts?.used ?? 0) * (experts?.feedForwardDim ?? 0))
        residual = FloatBuffer(count: stream)
        normed = FloatBuffer(count: stream)
        queries = FloatBuffer(count: tokensMax * shape.heads * shape.keyDim)
        keys = FloatBuffer(count: tokensMax * shape.kvHeads * shape.keyDim)
        values = FloatBuffer(count: tokensMax * shape.kvHeads * shape.valueDim)
        mixed = FloatBuffer(count: tokensMax * shape.heads * shape.valueDim)
        gate = FloatBuffer(count: inner)
        up = FloatBuffer(count: inner)
        logits = FloatBuffer(count: logitRowsMax * shape.vocabularySize)
        scores = FloatBuffer(count: tokensMax * (experts?.count ?? 0))
        expertInput = FloatBuffer(count: experts == nil ? 0 : stream)
        expertOutput = FloatBuffer(count: experts == nil ? 0 : stream)
        expertSum = FloatBuffer(count: experts == nil ? 0 : stream)
    }

    func adapterInner(count: Int) -> FloatBuffer {
        if innerOfAdapters.count < count { innerOfAdapters = FloatBuffer(count: count) }
        return innerOfAdapters
    }

    func adapterSums(count: Int) -> FloatBuffer {
        if sumsOfAdapters.count < count { sumsOfAdapters = FloatBuffer(count: count) }
        return sumsOfAdapters
    }

    /// The first rows of a buffer.
    func matrix(_ buffer: FloatBuffer, rows: Int, columns: Int) -> Matrix {
        Matrix(buffer: buffer, rows: rows, columns: columns)
    }
}
