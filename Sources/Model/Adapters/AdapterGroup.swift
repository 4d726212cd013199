import Kernels

/// What an adapter adds to products of one input.
///
///     y_i += factor_i * scale * (x Aᵢᵀ) Bᵢᵀ          A_i: rank x columns, B_i: rows x rank
///
/// The A's lie one below the other in one matrix, so that the input is read once:
///
///     x Aᵀ = [ rank of q | rank of k | rank of v ]
struct AdapterGroup: Sendable {
    /// The ranks' sum x columns.
    let a: WeightMatrix
    /// In rising order of their products.
    let parts: [Part]

    struct Part: Sendable {
        /// Which of the products of the group's place: queries, keys, values are 0, 1, 2.
        let product: Int
        /// The columns of x Aᵀ that are this part's.
        let ranks: Range<Int>
        let b: WeightMatrix
        /// alpha / rank, and what the numbers of A and B were divided by to fit their type.
        let factor: Float
    }
}

/// What an adapter adds in one layer.
struct AdapterLayer: Sendable {
    var attentionInput: AdapterGroup?
    var attentionOutput: AdapterGroup?
    var feedForwardInput: AdapterGroup?
    var feedForwardOutput: AdapterGroup?

    /// One of the four.
    typealias Place = KeyPath<AdapterLayer, AdapterGroup?>
}
