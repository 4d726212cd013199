import Model

/// What a model costs to train, counted from its shape.
///
///     forward pass of a token:  2 N + 2 L a T        N  parameters that are factors of products: all but norms; an
///     training on a token:      3 times that            embedding that is also the head counts once
///                               = 6 N + 6 L a T      L  layers, a  width of all query heads, T  tokens of a row
///
/// A product of a parameter and a number is two operations; the backward pass computes two products for each of the
/// forward pass's (Kaplan et al. 2020, arXiv:2001.08361, section 2.1). Attention multiplies queries with keys and
/// shares with values: 4 a operations for each position seen, T / 2 of them on average, since later ones are not
/// looked at. Rows of several documents see less, and cost less.
package struct TrainingWork: Sendable, Equatable {
    package let parameters: Int
    /// Parameters that are factors of products.
    package let productParameters: Int
    /// Operations of training on one token, without what is computed a second time.
    package let flopsPerToken: Double
    /// The part of those that attention takes.
    package let attentionFlopsPerToken: Double

    /// - Parameter sequence: tokens of a row; the model's context where nothing is said.
    package init(_ configuration: ModelConfiguration, sequence: Int? = nil) {
        let (layers, width) = (configuration.layers, configuration.embeddingDim)
        parameters = Self.parameterCount(configuration)
        productParameters =
            layers * Self.layerMatrices(configuration) + configuration.vocabularySize * width
        let queries = configuration.heads * configuration.keyDim
        let length = Double(sequence ?? configuration.contextTokens)
        attentionFlopsPerToken = 6 * Double(layers) * Double(queries) * length
        flopsPerToken = 6 * Double(productParameters) + attentionFlopsPerToken
    }

    /// All parameters: matrices, norms, the embedding, and the head where it is not the embedding.
    package static func parameterCount(_ configuration: ModelConfiguration) -> Int {
        let width = configuration.embeddingDim
        let tables = configuration.tiesEmbeddings == false ? 2 : 1
        let norms = 2 * width + 2 * configuration.keyDim
        return configuration.layers * (layerMatrices(configuration) + norms) + width
            + tables * configuration.vocabularySize * width
    }

    private static func layerMatrices(_ configuration: ModelConfiguration) -> Int {
        let width = configuration.embeddingDim
        let queries = configuration.heads * configuration.keyDim
        let keys = configuration.kvHeads * configuration.keyDim
        return width * (2 * queries + 2 * keys) + 3 * width * configuration.feedForwardDim
    }

    /// What computing activations a second time adds, as a part of the whole.
    package static func extraShare(_ recompute: Recomputation) -> Double {
        switch recompute {
        case .none: 0
        case .feedForward: 1.0 / 9
        case .all: 1.0 / 3
        }
    }
}
