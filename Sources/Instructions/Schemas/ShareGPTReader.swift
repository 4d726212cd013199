import Dialogue
import JSON

/// `{"conversations": [{"from": "human|gpt|function_call|observation|system", "value": ""}], "system", "tools"}`
///
/// Those who ask (human, observation) and those who answer (gpt, function_call) take turns.
enum ShareGPTReader {
    private static let speakers: [String: Role] = [
        "human": .user, "user": .user, "gpt": .assistant, "assistant": .assistant, "chatgpt": .assistant,
        "bard": .assistant, "bing": .assistant, "model": .assistant, "function_call": .assistant, "observation": .tool,
        "tool": .tool, "system": .system,
    ]

    static func read(_ record: Record) throws(FieldFault) -> Conversation {
        let key = record.first(of: ["conversations", "conversation", "messages"])?.key ?? "conversations"
        var messages: [Message] = []
        if let system = try record.string("system"), !system.isEmpty {
            messages.append(Message(role: .system, content: system))
        }
        for (place, item) in try record.requiredArray(key).enumerated() {
            messages.append(try message(item, "\(record.name(key))[\(place)]", after: messages.last))
        }
        return Conversation(messages: messages, tools: try ToolsReader.read(record))
    }

    /// - Parameter last: the message before, with which this one takes turns.
    static func message(_ item: JSONValue, _ path: String, after last: Message?) throws(FieldFault) -> Message {
        let record = try Record(item, path: path)
        let speaker = try record.requiredString("from")
        guard let role = speakers[speaker.lowercased()] else {
            throw FieldFault(
                record.name("from"),
                zh: "“\(speaker.prefix(40))”不是已知的说话人；应为 human、gpt、function_call、observation 或 system",
                en:
                    "“\(speaker.prefix(40))” is no speaker; write human, gpt, function_call, observation or system"
            )
        }
        if let last, role != .system, last.role != .system, (role == .assistant) == (last.role == .assistant) {
            throw FieldFault(
                record.name("from"), zh: "“\(speaker)”连着说了两次；问答应交替，请合并这两条或补上缺失的一条",
                en: "“\(speaker)” follows one of the same side; questions and answers take turns, so join the two or "
                    + "add the one that is missing")
        }
        let text = try record.requiredString("value")
        guard speaker.lowercased() == "function_call" else { return Message(role: role, content: text) }
        return Message(
            role: .assistant, content: "", toolCalls: try ToolCallsReader.read(.string(text), record.name("value")))
    }
}
