import Kernels

/// What a layer's backward pass reads. Rows are tokens.
struct LayerActivations: Sendable {
    /// The residual stream between the two halves of the layer; fp32.
    let middle: NumberMatrix
    /// Queries, keys and values before norm and rotation.
    let projected: NumberMatrix
    /// Queries and keys after them.
    let rotated: NumberMatrix
    let mixed: NumberMatrix
    let logSums: NumberMatrix
    /// Gates and ups; nil when they are computed again.
    let gateUp: NumberMatrix?
}
