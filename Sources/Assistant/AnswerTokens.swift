/// Token counts and times of one answer, as the engine counted them.
public struct AnswerTokens: Sendable, Equatable {
    public var prompt: Int
    public var cached: Int
    public var completion: Int
    /// From the request to its first token.
    public var firstTokenSeconds: Double
    /// Completion tokens per second after the first.
    public var tokensPerSecond: Double

    public init(
        prompt: Int, cached: Int = 0, completion: Int, firstTokenSeconds: Double = 0, tokensPerSecond: Double = 0
    ) {
        self.prompt = prompt
        self.cached = cached
        self.completion = completion
        self.firstTokenSeconds = firstTokenSeconds
        self.tokensPerSecond = tokensPerSecond
    }
}
