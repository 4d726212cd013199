public import Kernels

/// The buffers of one step at a time.
///
/// Not thread-safe: whoever runs the steps owns it.
public final class Workspace {
    public let tokensMax: Int
    public let logitRowsMax: Int

    /// - Parameters:
    ///   - tokensMax: tokens of one step, all runs together.
    ///   - logitRowsMax: rows of logits of one step; each takes 4 * vocabularySize bytes.
    public init(_ model: Transformer, tokensMax: Int, logitRowsMax: Int) {
        self.tokensMax = tokensMax
        self.logitRowsMax = logitRowsMax
    }
}
