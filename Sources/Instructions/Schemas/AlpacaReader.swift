import Dialogue
import JSON

/// `{"instruction": "", "input": "", "output": "", "system": "", "history": [["q", "a"]]}`
///
/// The question is instruction and input with a line end between; the answers of the history are taught too, as in
/// LLaMA-Factory.
enum AlpacaReader {
    static func read(_ record: Record) throws(FieldFault) -> Conversation {
        var messages = try prompt(record)
        guard let answer = try record.string("output") else { throw .missing(record.name("output"), expected: .string) }
        messages.append(Message(role: .assistant, content: answer))
        return Conversation(messages: messages, tools: try ToolsReader.read(record))
    }

    /// All but the answer: what preferences in this form share.
    static func prompt(_ record: Record) throws(FieldFault) -> [Message] {
        var messages: [Message] = []
        if let system = try record.string("system"), !system.isEmpty {
            messages.append(Message(role: .system, content: system))
        }
        for (place, pair) in (try record.array("history") ?? []).enumerated() {
            let field = "\(record.name("history"))[\(place)]"
            guard let turn = pair.array, turn.count == 2, let question = turn[0].string, let answer = turn[1].string
            else {
                throw FieldFault(
                    field, zh: "应为 [\"问\", \"答\"] 两个字符串", en: "should be two strings: [\"question\", \"answer\"]")
            }
            messages.append(Message(role: .user, content: question))
            messages.append(Message(role: .assistant, content: answer))
        }
        let instruction = try record.requiredString("instruction")
        let parts = [instruction, try record.string("input") ?? ""].filter { !$0.isEmpty }
        messages.append(Message(role: .user, content: parts.joined(separator: "\n")))
        return messages
    }
}
