import Kernels
import Model

/// The sizes that buffers and loops are made of.
struct Shape: Sendable {
    let layers: Int
    let width: Int
    let heads: Int
    let kvHeads: Int
    let headDim: Int
    let inner: Int
    let vocabularySize: Int
    let epsilon: Float
    /// Queries and keys are normed head by head.
    let normalizesHeads: Bool
    /// Queries, keys and values have biases.
    let hasBiases: Bool
    /// Tokens that one worker takes through a layer's half at once: their activations stay in the second-level cache.
    var blockTokens = Shape.blockTokensMax
    /// Tokens of a micro-batch at most.
    let tokens: Int
    /// Tokens of a row at most.
    let sequence: Int

    var queryColumns: Int { heads * headDim }
    var keyColumns: Int { kvHeads * headDim }
    /// Of queries, keys and values together.
    var attentionColumns: Int { queryColumns + 2 * keyColumns }
    /// The vocabulary rounded up to whole panels.
    var paddedVocabulary: Int { (vocabularySize + 31) / 32 * 32 }

    static let blockTokensMax = 96

    /// Blocks that leave no worker waiting for long. (Gradients of norms are summed by block: where those are trained
    /// blocks stay as they are.)
    func balanced(threads: Int) -> Shape {
        var result = self
        result.blockTokens = TokenPieces.balanced(tokens, threads: threads, max: Self.blockTokensMax)
        return result
    }

    init(_ configuration: ModelConfiguration, rows: Int, sequence: Int) throws(TrainingError) {
        try Self.check(configuration)
        let (tokens, overflow) = rows.multipliedReportingOverflow(by: sequence)
        guard rows > 0, sequence > 0, !overflow, tokens <= Self.tokensMax else {
            throw .unsupported(
                field: "micro-batch", expected: "at most \(Self.tokensMax) tokens", actual: "\(rows) x \(sequence)")
        }
        layers = configuration.layers
        width = configuration.embeddingDim
        heads = configuration.heads
        kvHeads = configuration.kvHeads
        headDim = configuration.keyDim
        inner = configuration.feedForwardDim
        vocabularySize = configuration.vocabularySize
        epsilon = configuration.normEpsilon
        normalizesHeads = configuration.family.normalizesHeads
        hasBiases = configuration.family.needsBias
        self.tokens = tokens
        self.sequence = sequence
    }

    /// Tokens of a micro-batch at most.
    static let tokensMax = 1 << 20

    static func check(_ c: ModelConfiguration) throws(TrainingError) {
        func demand(_ field: String, _ isMet: Bool, _ expected: String, _ actual: String) throws(TrainingError) {
            if !isMet { throw .unsupported(field: field, expected: expected, actual: actual) }
        }
        let families: [Architecture] = [.llama, .qwen2, .qwen3]
        try demand(
            "family", families.contains(c.family), families.map(\.rawValue).joined(separator: ", "), c.family.rawValue)
        try demand("windows", c.windows.allSatisfy { $0 == nil }, "none", "some")
        try demand("experts", c.experts == nil, "none", "some")
        try demand("rotary style", c.rotary.style == .halves, "halves", "\(c.rotary.style)")
        try demand("rotary dimensions", c.rotary.dimensions == c.keyDim, "\(c.keyDim)", "\(c.rotary.dimensions)")
        try demand("value size", c.valueDim == c.keyDim, "\(c.keyDim), the keys'", "\(c.valueDim)")
        try demand(
            "head size", c.keyDim % 32 == 0 && (32...256).contains(c.keyDim), "32, 64, … 256", "\(c.keyDim)")
        try demand("width", c.embeddingDim > 0 && c.embeddingDim % 32 == 0, "multiples of 32", "\(c.embeddingDim)")
        try demand(
            "feed-forward width", c.feedForwardDim > 0 && c.feedForwardDim % 32 == 0, "multiples of 32",
            "\(c.feedForwardDim)")
        try demand(
            "heads", c.kvHeads > 0 && c.heads % c.kvHeads == 0, "a multiple of \(c.kvHeads) key-value heads",
            "\(c.heads)")
        try demand("layers", c.layers > 0, "at least one", "\(c.layers)")
        try demand("vocabulary", c.vocabularySize > 0, "at least one token", "\(c.vocabularySize)")
    }
}
