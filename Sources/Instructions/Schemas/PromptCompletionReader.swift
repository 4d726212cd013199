import Dialogue
import JSON

/// `{"prompt": "", "completion": ""}`, each a text or messages; also `{"question", "answer"}` and their like.
enum PromptCompletionReader {
    static let prompts = ["prompt", "question", "query"]
    static let completions = ["completion", "response", "answer", "std_answer", "output"]

    static func applies(to record: Record) -> Bool {
        record.first(of: prompts) != nil && record.first(of: completions) != nil
    }

    static func read(_ record: Record) throws(FieldFault) -> Conversation {
        var dialogue = try prompt(record)
        guard let (key, value) = record.first(of: completions) else {
            throw .missing(record.name(completions[0]), expected: .string)
        }
        let answer = try continuation(value, record.name(key))
        dialogue.untaught = Set(answer.untaught.map { $0 + dialogue.messages.count })
        dialogue.messages += answer.messages
        return dialogue
    }

    /// The system message of a record, its prompt, and its tools.
    static func prompt(_ record: Record) throws(FieldFault) -> Conversation {
        guard let (key, value) = record.first(of: prompts) else {
            throw .missing(record.name(prompts[0]), expected: .string)
        }
        var dialogue: Conversation
        if let items = value.array {
            dialogue = try MessagesReader.read(items, record.name(key))
        } else if let text = value.string {
            dialogue = Conversation(messages: MarkedText.messages(text) ?? [Message(role: .user, content: text)])
        } else {
            throw .wrongType(record.name(key), expected: .string, found: value)
        }
        if let system = try record.string("system"), !system.isEmpty, dialogue.messages.first?.role != .system {
            dialogue.messages.insert(Message(role: .system, content: system), at: 0)
        }
        let tools = try ToolsReader.read(record)
        if !tools.isEmpty { dialogue.tools = tools }
        return dialogue
    }

    /// An answer: a text, a message or messages, in either way of writing those.
    static func continuation(_ value: JSONValue, _ path: String) throws(FieldFault) -> Conversation {
        if let text = value.string { return Conversation(messages: [Message(role: .assistant, content: text)]) }
        if value["from"] != nil {
            return Conversation(messages: [try ShareGPTReader.message(value, path, after: nil)])
        }
        if value.object != nil {
            return Conversation(messages: [try MessagesReader.message(Record(value, path: path))])
        }
        guard let items = value.array else { throw .wrongType(path, expected: .string, found: value) }
        return try MessagesReader.read(items, path)
    }
}
