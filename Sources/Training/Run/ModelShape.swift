import Model

/// The sizes of a model that is trained: Qwen3's architecture with tied embeddings.
package struct ModelShape: Codable, Equatable, Sendable {
    package var layers: Int
    package var dim: Int
    package var heads: Int
    package var kvHeads: Int
    package var headDim: Int
    package var feedForwardDim: Int
    package var vocabularySize: Int
    package var contextTokens: Int
    package var ropeBase: Double
    package var normEpsilon: Float

    package static let ropeBase = 10_000.0

    private init(
        sizes layers: Int, dim: Int, heads: Int, kvHeads: Int, headDim: Int, feedForwardDim: Int, vocabularySize: Int,
        contextTokens: Int
    ) {
        self.layers = layers
        self.dim = dim
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.feedForwardDim = feedForwardDim
        self.vocabularySize = vocabularySize
        self.contextTokens = contextTokens
        ropeBase = Self.ropeBase
        normEpsilon = 1e-6
    }

    /// Fills in what follows from the width: heads of 64, or 32 where the width asks for it; an inner width of 8/3.
    package init(
        layers: Int, dim: Int, heads: Int? = nil, kvHeads: Int? = nil, headDim: Int? = nil, feedForwardDim: Int? = nil,
        vocabularySize: Int, contextTokens: Int
    ) {
        let headSize = headDim ?? (dim % 64 == 0 && dim >= 256 ? 64 : 32)
        let heads = heads ?? max(1, dim / headSize)
        self.init(
            sizes: layers, dim: dim, heads: heads, kvHeads: kvHeads ?? heads, headDim: headSize,
            feedForwardDim: feedForwardDim ?? (dim * 8 / 3 + 31) / 32 * 32, vocabularySize: vocabularySize,
            contextTokens: contextTokens)
    }

    package init(_ configuration: ModelConfiguration) {
        self.init(
            sizes: configuration.layers, dim: configuration.embeddingDim, heads: configuration.heads,
            kvHeads: configuration.kvHeads, headDim: configuration.keyDim,
            feedForwardDim: configuration.feedForwardDim, vocabularySize: configuration.vocabularySize,
            contextTokens: configuration.contextTokens)
    }

    package var configuration: ModelConfiguration {
        var configuration = ModelConfiguration(
            family: .qwen3, layers: layers, embeddingDim: dim, heads: heads, kvHeads: kvHeads, headDim: headDim,
            feedForwardDim: feedForwardDim, vocabularySize: vocabularySize, contextTokens: contextTokens)
        configuration.normEpsilon = normEpsilon
        configuration.rotary.base = ropeBase
        configuration.tiesEmbeddings = true
        return configuration
    }
}
