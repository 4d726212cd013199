import JSON

/// Who speaks. The raw values are those of the OpenAI API and of chat templates.
public enum Role: String, Sendable, Hashable, CaseIterable, Codable {
    case system, developer, user, assistant, tool
}

/// One turn of a conversation.
///
///     Message(role: .user, content: "今天天气如何？")
public struct Message: Sendable, Hashable {
    public var role: Role
    public var content: String
    /// What a reasoning model thought before its answer, kept apart from the answer.
    public var reasoning: String?
    /// Functions that the assistant asks to be called.
    public var toolCalls: [ToolCall]
    /// In a tool's message: the call that it answers.
    public var toolCallID: String?
    /// The speaker's or the tool's name, where a client gives one.
    public var name: String?

    public init(
        role: Role, content: String, reasoning: String? = nil, toolCalls: [ToolCall] = [], toolCallID: String? = nil,
        name: String? = nil
    ) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.name = name
    }
}

/// A call of a function, as the model wrote it.
public struct ToolCall: Sendable, Hashable {
    public var id: String
    public var name: String
    /// The arguments as JSON text. Text, not a value: a model may write broken JSON, and the client must see it.
    public var arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A function that the model may ask to be called.
public struct Tool: Sendable, Hashable {
    public var name: String
    public var description: String?
    /// JSON Schema of the arguments.
    public var parameters: JSONValue?
    /// The arguments of a call must fit the schema, whoever decides that it is called.
    public var isStrict: Bool

    public init(
        name: String, description: String? = nil, parameters: JSONValue? = nil, isStrict: Bool = false
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isStrict = isStrict
    }
}
