import Dialogue
import JSON

/// `{"messages": [{"role": "system|user|assistant|tool", "content": "", "tool_calls": […]}], "tools": […]}`
///
/// The same under `conversations` is minimind's: reasoning beside the answer, calls as JSON text, tools as JSON text in
/// the system message.
enum MessagesReader {
    static func read(_ record: Record) throws(FieldFault) -> Conversation {
        let key = record.first(of: ["messages", "conversations", "conversation"])?.key ?? "messages"
        var dialogue = try read(try record.requiredArray(key), record.name(key))
        let tools = try ToolsReader.read(record)
        if !tools.isEmpty { dialogue.tools = tools }
        return dialogue
    }

    /// - Parameter path: what faults call the array.
    static func read(_ items: [JSONValue], _ path: String) throws(FieldFault) -> Conversation {
        var dialogue = Conversation(messages: [])
        for (place, item) in items.enumerated() {
            let record = try Record(item, path: "\(path)[\(place)]")
            let message = try message(record)
            if message.role == .system, dialogue.tools.isEmpty { dialogue.tools = try ToolsReader.read(record) }
            if message.role == .assistant, try weight(record) == 0 { dialogue.untaught.insert(place) }
            dialogue.messages.append(message)
        }
        return dialogue
    }

    static func message(_ record: Record) throws(FieldFault) -> Message {
        let name = try record.requiredString("role")
        guard let role = name == "function" ? .tool : Role(rawValue: name) else {
            throw FieldFault(
                record.name("role"), zh: "“\(name.prefix(40))”不是已知的角色；应为 system、user、assistant 或 tool",
                en: "“\(name.prefix(40))” is no known role; write system, user, assistant or tool")
        }
        let calls = try calls(record)
        guard role == .assistant || calls.isEmpty else {
            throw FieldFault(
                record.name("tool_calls"), zh: "只有 assistant 能调用工具；请移到回答里",
                en: "only an assistant calls tools; move them to its message")
        }
        return Message(
            role: role, content: try content(record, role), reasoning: try reasoning(record), toolCalls: calls,
            toolCallID: try record.string("tool_call_id"), name: try record.string("name"))
    }

    private static func calls(_ record: Record) throws(FieldFault) -> [ToolCall] {
        if let value = record["tool_calls"] { return try ToolCallsReader.read(value, record.name("tool_calls")) }
        // OpenAI's first form, one call without an id.
        guard let value = record["function_call"] else { return [] }
        return try ToolCallsReader.read(value, record.name("function_call"))
    }

    private static func reasoning(_ record: Record) throws(FieldFault) -> String? {
        guard let key = record.first(of: ["reasoning_content", "reasoning", "thinking"])?.key else { return nil }
        let text = try record.string(key) ?? ""
        return text.isEmpty ? nil : text
    }

    private static func weight(_ record: Record) throws(FieldFault) -> Double {
        guard let value = record["weight"] else { return 1 }
        guard let weight = value.double, weight == 0 || weight == 1 else {
            throw FieldFault(record.name("weight"), zh: "应为 0（不训练）或 1", en: "should be 0 (not taught) or 1")
        }
        return weight
    }

    /// A string, or parts of type text joined; what a tool answers may be any value.
    private static func content(_ record: Record, _ role: Role) throws(FieldFault) -> String {
        guard let value = record["content"] else {
            if role == .assistant { return "" }
            throw .missing(record.name("content"), expected: .string)
        }
        if let text = value.string { return text }
        if role == .tool, value.object != nil { return value.serialized(.python) }
        guard let parts = value.array else { throw .wrongType(record.name("content"), expected: .string, found: value) }
        var text = ""
        for (place, item) in parts.enumerated() {
            let part = try Record(item, path: "\(record.name("content"))[\(place)]")
            let type = try part.requiredString("type")
            guard ["text", "input_text", "output_text"].contains(type) else {
                throw FieldFault(
                    part.name("type"), zh: "只能训练文字，不能是“\(type.prefix(40))”；请去掉这一部分",
                    en: "only text can be taught, not “\(type.prefix(40))”; take this part out")
            }
            text += try part.requiredString("text")
        }
        return text
    }
}
