public struct AnswerEnd: Sendable, Equatable {
    public enum Reason: String, Sendable {
        case stop
        case length
        case toolCalls = "tool_calls"
        case cancelled
    }

    public var reason: Reason
    public var usage: AnswerTokens

    public init(reason: Reason, usage: AnswerTokens) {
        self.reason = reason
        self.usage = usage
    }
}
