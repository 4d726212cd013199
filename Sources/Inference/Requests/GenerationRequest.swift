public import Model

/// A prompt that wants to be continued.
public struct GenerationRequest: Sendable {
    public var prompt: [Int32]
    /// Tokens to generate at most; cut to what the context leaves. 0 reads the prompt only.
    public var maxTokens: Int
    public var sampling: SamplingParameters
    /// Tokens that end the answer; they are not reported themselves.
    public var stopTokens: Set<Int32>
    /// Report the stop token too, as the last of the answer: who learns from answers wants to know which it was.
    package var reportsStopToken = false
    /// Whose request this is: owners share the machine evenly, and cached prefixes are shared between requests of the
    /// same owner only, so that nobody can learn another's prompt from the time an answer takes.
    public var owner: String
    /// Lower goes first among the owner's own requests; between owners it counts nothing, so nobody gains by asking.
    /// A level is worth ten seconds of waiting, so that low priorities get their turn too.
    public var priority: Int
    /// Report the log-probability of every token of the prompt. The whole prompt is then computed, cached or not.
    public var promptLogprobs: Bool
    /// The form that the answer is held to; log-probabilities stay the model's own.
    public var constraint: (any TokenConstraint)?
    /// What changes the model's weights for this request alone; they live as long as it does. Cached prefixes are
    /// shared between requests with the same ones at the same scales.
    public var adapters: [AdapterUse]

    public init(
        prompt: [Int32], maxTokens: Int, sampling: SamplingParameters = SamplingParameters(),
        stopTokens: Set<Int32> = [], owner: String = "", priority: Int = 0, promptLogprobs: Bool = false,
        constraint: (any TokenConstraint)? = nil, adapters: [AdapterUse] = []
    ) {
        self.prompt = prompt
        self.maxTokens = maxTokens
        self.sampling = sampling
        self.stopTokens = stopTokens
        self.owner = owner
        self.priority = priority
        self.promptLogprobs = promptLogprobs
        self.constraint = constraint
        self.adapters = adapters
    }

    /// Priorities that there are.
    public static let priorities = -100...100
}
