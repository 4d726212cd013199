/// Which activations are computed a second time in the backward pass instead of being kept. The results are the same,
/// bit for bit.
package enum Recomputation: String, Sendable, CaseIterable {
    /// All that the backward pass reads is kept.
    case none
    /// The inner activations of the feed-forward layers, most of the memory, are computed again: one product in nine.
    case feedForward
    /// A layer keeps nothing but its input, and is computed again as a whole: a quarter more work.
    case all
}
