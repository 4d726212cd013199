/// How a model writes a call of a tool, as text around a name and its arguments:
/// `<tool_call>\n{"name": "f", "arguments": {…}}\n</tool_call>`.
public struct CallForm: Sendable, Equatable {
    /// Before the call's object; empty where the object stands alone.
    public let marker: String
    /// The member that has the arguments.
    public let argumentsKey: String
    /// After the object.
    public let endMarker: String

    static let hermes = CallForm(marker: "<tool_call>", argumentsKey: "arguments", endMarker: "</tool_call>")
    static let llama = CallForm(marker: "", argumentsKey: "parameters", endMarker: "")
}

extension ChatTemplate {
    /// nil when the template shows no form of calls that is known.
    public var callForm: CallForm? {
        switch traits.callFormat {
        case .none: nil
        case .hermes: .hermes
        case .llama: .llama
        }
    }

    /// Whether the model may reason before it answers, between `<think>` and `</think>`.
    public var knowsReasoning: Bool { traits.knowsReasoning }
}
