import Dialogue
import JSON

/// `[{"role": "user", "content": ""}, {"role": "assistant", "content": ""}]`, strictly in turn after a system message.
///
/// An answer may be parts, `[{"type": "text|python|python_output", "text": ""}]`: the Python becomes a call of a tool
/// `python` with the member `code`, the output that tool's message.
enum NanochatReader {
    static let pythonTool = Tool(
        name: "python", description: "Runs Python code and gives its output.",
        parameters: [
            "type": "object", "properties": ["code": ["type": "string"]], "required": ["code"],
        ])

    static func read(_ items: [JSONValue]) throws(FieldFault) -> Conversation {
        var dialogue = Conversation(messages: [])
        var expected = Role.user
        for (place, item) in items.enumerated() {
            let record = try Record(item, path: "[\(place)]")
            let role = try record.requiredString("role")
            if place == 0, role == "system" {
                dialogue.messages.append(try MessagesReader.message(record))
                continue
            }
            guard role == expected.rawValue else {
                throw FieldFault(
                    record.name("role"), zh: "应为 \(expected.rawValue)，实为“\(role.prefix(40))”；user 与 assistant 应交替",
                    en: "should be \(expected.rawValue) and is “\(role.prefix(40))”; user and assistant take turns")
            }
            expected = expected == .user ? .assistant : .user
            guard role == "assistant", let parts = record["content"]?.array else {
                dialogue.messages.append(try MessagesReader.message(record))
                continue
            }
            try append(parts, record.name("content"), to: &dialogue)
        }
        return dialogue
    }

    private static func append(
        _ parts: [JSONValue], _ path: String, to dialogue: inout Conversation
    ) throws(FieldFault) {
        var answer = Message(role: .assistant, content: "")
        for (place, item) in parts.enumerated() {
            let part = try Record(item, path: "\(path)[\(place)]")
            let text = try part.requiredString("text")
            switch try part.requiredString("type") {
            case "text":
                if answer.toolCalls.isEmpty {
                    answer.content += text
                } else {
                    // Code without output: the answer goes on after it.
                    dialogue.messages.append(answer)
                    answer = Message(role: .assistant, content: text)
                }
            case "python":
                let arguments = JSONValue.object(["code": .string(text)]).serialized(.python)
                answer.toolCalls.append(ToolCall(id: "", name: pythonTool.name, arguments: arguments))
                dialogue.tools = [pythonTool]
            case "python_output":
                guard !answer.toolCalls.isEmpty else {
                    throw FieldFault(
                        part.path, zh: "python_output 之前没有 python；请补上代码",
                        en: "no python stands before this output; add it")
                }
                dialogue.messages.append(answer)
                dialogue.messages.append(Message(role: .tool, content: text))
                answer = Message(role: .assistant, content: "")
            default:
                throw FieldFault(
                    part.name("type"), zh: "应为 text、python 或 python_output",
                    en: "should be text, python or python_output")
            }
        }
        if !answer.content.isEmpty || !answer.toolCalls.isEmpty { dialogue.messages.append(answer) }
    }
}
