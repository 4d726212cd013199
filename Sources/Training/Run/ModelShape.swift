package import Model

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

    package init(
        layers: Int, dim: Int, heads: Int, kvHeads: Int, headDim: Int, feedForwardDim: Int, vocabularySize: Int,
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

    /// Fills in what follows from the width: heads of 64, a third as many for keys, an inner width of 8/3.
    package init(
        layers: Int, dim: Int, heads: Int?, kvHeads: Int?, feedForwardDim: Int?, vocabularySize: Int, contextTokens: Int
    ) {
        let heads = heads ?? max(1, dim / 64)
        self.init(
            layers: layers, dim: dim, heads: heads, kvHeads: kvHeads ?? heads, headDim: max(2, dim / heads / 2 * 2),
            feedForwardDim: feedForwardDim ?? (dim * 8 / 3 + 31) / 32 * 32, vocabularySize: vocabularySize,
            contextTokens: contextTokens)
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

    /// Operations of a token's forward and backward pass: 6 for each weight of a matrix, the head included, and
    /// attention over half a row (Kaplan et al. 2020; Chowdhery et al. 2022, appendix B).
    package func operationsPerToken(sequence: Int) -> Double {
        let projections = dim * headDim * (2 * heads + 2 * kvHeads) + 3 * dim * feedForwardDim
        let weights = Double(layers * projections + vocabularySize * dim)
        let attention = Double(12 * layers * heads * headDim) * Double(sequence) / 2
        return 6 * weights + attention
    }
}
