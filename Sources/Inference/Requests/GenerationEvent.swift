/// What happens to a request, in order: `started`, prompt scores, tokens, `finished`.
///
/// A request that is given up while it waits has no event but `finished`.
public enum GenerationEvent: Sendable, Equatable {
    /// The prompt begins to be computed; its first `cachedTokens` need not be.
    case started(promptTokens: Int, cachedTokens: Int)
    /// The next scores of the prompt's tokens, when asked for: in pieces, all of them before the first token.
    case promptScores([TokenScore])
    /// The next token, with its score when asked for.
    case token(Int32, TokenScore?)
    /// Always last.
    case finished(FinishReason)
}
