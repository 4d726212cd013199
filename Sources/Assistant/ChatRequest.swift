import Dialogue
import Inference
import JSON

/// A conversation that wants its next answer.
public struct ChatRequest: Sendable {
    public var messages: [Message]
    public var tools: [Tool]
    public var toolChoice: ToolChoice
    public var sampling: SamplingParameters
    /// How many tokens the answer may have; nil lets it fill the context.
    public var tokensMax: Int?
    public var stops: [String]
    /// The form of the answer; nil is free text.
    public var format: AnswerFormat?
    /// What to do with a conversation that does not fit the context.
    public var overflow: Overflow
    /// More variables for the template, such as `enable_thinking`.
    public var templateVariables: [String: JSONValue]
    /// Prefixes are shared between requests of one owner only.
    public var owner: String
    /// Lower goes first among the owner's own requests; see `GenerationRequest.priority`.
    public var priority: Int
    /// Go on to `tokensMax` whatever the model says, as measurements want it.
    public var ignoresEnd: Bool
    /// Seconds after which the answer is cut off.
    public var secondsMax: Double?

    public init(
        messages: [Message], tools: [Tool] = [], toolChoice: ToolChoice = .automatic,
        sampling: SamplingParameters = SamplingParameters(), tokensMax: Int? = nil, stops: [String] = [],
        format: AnswerFormat? = nil, overflow: Overflow = .refuse, templateVariables: [String: JSONValue] = [:],
        owner: String = "", priority: Int = 0, ignoresEnd: Bool = false,
        secondsMax: Double? = nil
    ) {
        self.messages = messages
        self.tools = tools
        self.toolChoice = toolChoice
        self.sampling = sampling
        self.tokensMax = tokensMax
        self.stops = stops
        self.format = format
        self.overflow = overflow
        self.templateVariables = templateVariables
        self.owner = owner
        self.priority = priority
        self.ignoresEnd = ignoresEnd
        self.secondsMax = secondsMax
    }

    public enum ToolChoice: Sendable, Equatable {
        case automatic
        /// Tools are not shown to the model.
        case none
        case required
        case named(String)
    }

    public enum Overflow: Sendable {
        /// `AssistantError.contextExceeded`; nothing is cut silently.
        case refuse
        /// Drops the oldest turns after the system message, and says how many in the first event.
        case dropOldestTurns
    }
}
