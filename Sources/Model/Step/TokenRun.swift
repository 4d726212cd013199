/// New tokens of one sequence in a step.
///
///     TokenRun(tokens: prompt, firstPosition: 0, pages: [4, 7], wants: .lastLogits)
///
/// Positions before `firstPosition` must be in the cache already, in the same pages.
public struct TokenRun: Sendable {
    public var tokens: [Int32]
    public var firstPosition: Int
    /// The pages of the cache that hold positions 0, 32, 64 …; they cover firstPosition + tokens.count positions.
    public var pages: [Int32]
    public var wants: Wants
    /// What they add to the weights' products; nothing of another model's. The same ones must have been there for the
    /// positions before.
    public var adapters: [AdapterUse]

    /// What a step computes of a run beside its keys and values.
    public enum Wants: Sendable {
        case nothing
        /// One row: the logits after the last token.
        case lastLogits
        /// A row a token.
        case allLogits
        /// A row a token: the output of the final norm, for embeddings.
        case hiddenStates
    }

    public init(
        tokens: [Int32], firstPosition: Int, pages: [Int32], wants: Wants, adapters: [AdapterUse] = []
    ) {
        self.tokens = tokens
        self.firstPosition = firstPosition
        self.pages = pages
        self.wants = wants
        self.adapters = adapters
    }

    /// The tokens, counted within the run, of which rows are wanted.
    var wantedTokens: Range<Int> {
        switch wants {
        case .nothing: tokens.count..<tokens.count
        case .lastLogits: max(0, tokens.count - 1)..<tokens.count
        case .allLogits, .hiddenStates: 0..<tokens.count
        }
    }
}
