public struct AnswerStart: Sendable {
    public var promptTokens: Int
    /// Prompt tokens that were not computed again.
    public var cachedTokens: Int
    /// Turns that were dropped to fit the context.
    public var droppedTurns: Int
    /// The prompt's tokens with their log-probabilities, when asked for; the first has none.
    public var scoredPrompt: [ScoredToken]

    public init(promptTokens: Int, cachedTokens: Int = 0, droppedTurns: Int = 0, scoredPrompt: [ScoredToken] = []) {
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.droppedTurns = droppedTurns
        self.scoredPrompt = scoredPrompt
    }
}
