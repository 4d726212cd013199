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
    /// Score the prompt's own tokens too.
    public var scoresPrompt: Bool
    public var owner: String
    public var secondsMax: Double?

    public init(
        prompt: Prompt, sampling: SamplingParameters = SamplingParameters(), tokensMax: Int = 16, stops: [String] = [],
        scoresPrompt: Bool = false, owner: String = "", secondsMax: Double? = nil
    ) {
        self.prompt = prompt
        self.sampling = sampling
        self.tokensMax = tokensMax
        self.stops = stops
        self.scoresPrompt = scoresPrompt
        self.owner = owner
        self.secondsMax = secondsMax
    }
}
