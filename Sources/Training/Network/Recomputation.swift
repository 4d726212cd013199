/// Which activations are computed a second time in the backward pass instead of being kept. The results are the same,
/// bit for bit.
package enum Recomputation: String, Sendable, CaseIterable {
    /// All that the backward pass reads is kept.
    case none
    /// The inner activations of the feed-forward layers, most of the memory, are computed again: some
    /// 15 % more work.
    case feedForward
    /// A layer keeps nothing but its input, and all of it but the last product is computed again: a quarter more
    /// work.
    case all
}
