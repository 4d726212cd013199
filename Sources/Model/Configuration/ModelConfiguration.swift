/// The shape of a decoder-only transformer: everything that is not a weight.
///
///     let configuration = try ModelConfiguration(gguf: file.metadata)
///     configuration.layers            // 24
///
/// One that was read from a file has been checked: sizes are positive, within `ModelLimits`, and fit each other.
public struct ModelConfiguration: Sendable, Equatable {
    public var family: Architecture
    public var layers: Int
    /// The width of the residual stream.
    public var embeddingDim: Int
    public var heads: Int
    /// Heads of keys and values, the same in every layer; each serves heads / kvHeads query heads.
    public var kvHeads: Int
    /// Elements of a query or key of one head.
    public var keyDim: Int
    /// Elements of a value of one head.
    public var valueDim: Int
    /// The width inside a dense feed-forward layer.
    public var feedForwardDim: Int
    /// Nil when every layer is dense.
    public var experts: ExpertConfiguration?
    public var vocabularySize: Int
    /// Positions the model was trained for.
    public var contextTokens: Int

    public var normEpsilon: Float = 1e-6
    /// Added to norm weights: 1 where a file stores weight - 1 (Gemma's checkpoints; GGUF stores the sum).
    public var normWeightOffset: Float = 0
    /// Embeddings are multiplied by this.
    public var embeddingScale: Float = 1
    /// Products of queries and keys are multiplied by this.
    public var attentionScale: Float
    /// Scores become cap * tanh(score / cap).
    public var attentionSoftCap: Float?
    /// Logits become cap * tanh(logit / cap).
    public var logitSoftCap: Float?

    /// Layer by layer: how many positions a token sees, itself included; nil for all before it.
    public var windows: [Int?]
    public var rotary: RotaryConfiguration
    /// In layers with a window, where it differs (Gemma 3).
    public var windowRotary: RotaryConfiguration?

    /// The output head is the embedding table; nil when the presence of a head's tensor decides (GGUF).
    public var tiesEmbeddings: Bool?

    /// As GGUF calls it: `"qwen2"`.
    public var architecture: String { family.rawValue }

    /// A model without windows, caps, scaling or experts; heads are of equal size. Not checked.
    public init(
        family: Architecture, layers: Int, embeddingDim: Int, heads: Int, kvHeads: Int, headDim: Int,
        feedForwardDim: Int, vocabularySize: Int, contextTokens: Int
    ) {
        self.family = family
        self.layers = layers
        self.embeddingDim = embeddingDim
        self.heads = heads
        self.kvHeads = kvHeads
        keyDim = headDim
        valueDim = headDim
        self.feedForwardDim = feedForwardDim
        self.vocabularySize = vocabularySize
        self.contextTokens = contextTokens
        embeddingScale = family.isGemma ? Float(embeddingDim).squareRoot() : 1
        attentionScale = 1 / Float(headDim).squareRoot()
        windows = Array(repeating: nil, count: layers)
        rotary = RotaryConfiguration(base: 10_000, dimensions: headDim, style: .halves, scaling: .none)
    }
}
