import Inference

/// Text that wants to be continued, without a template.
public struct CompletionRequest: Sendable {
    public enum Prompt: Sendable {
        case text(String)
        case tokens([Int32])
    }

    public var prompt: Prompt
    public var sampling: SamplingParameters
    public var tokensMax: Int
    public var stops: [String]
    /// The form of what is written; nil is free text.
    public var format: AnswerFormat?
    /// Score the prompt's own tokens too.
    public var scoresPrompt: Bool
    public var owner: String
    /// Lower goes first among the owner's own requests; see `GenerationRequest.priority`.
    public var priority: Int
    /// Go on to `tokensMax` whatever the model says, as measurements want it.
    public var ignoresEnd: Bool
    public var secondsMax: Double?

    public init(
        prompt: Prompt, sampling: SamplingParameters = SamplingParameters(), tokensMax: Int = 16, stops: [String] = [],
        format: AnswerFormat? = nil, scoresPrompt: Bool = false, owner: String = "", priority: Int = 0,
        ignoresEnd: Bool = false, secondsMax: Double? = nil
    ) {
        self.prompt = prompt
        self.sampling = sampling
        self.tokensMax = tokensMax
        self.stops = stops
        self.format = format
        self.scoresPrompt = scoresPrompt
        self.owner = owner
        self.priority = priority
        self.ignoresEnd = ignoresEnd
        self.secondsMax = secondsMax
    }
}
