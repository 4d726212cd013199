import Dialogue
import JSON

/// Two continuations of one prompt, in the forms that are published:
///
///     {"prompt", "chosen", "rejected"}                              TRL: texts or messages
///     {"chosen": […], "rejected": […]}                              TRL, minimind: whole conversations, the prompt is
///                                                                   what they share
///     {"instruction", "input", "chosen", "rejected"}                LLaMA-Factory, Alpaca
///     {"conversations": […], "chosen": {"from", "value"}, "rejected": {…}}    LLaMA-Factory, ShareGPT
///     {"input": {"messages", "tools"}, "preferred_output": […], "non_preferred_output": […]}    OpenAI
enum PreferenceReader {
    static func read(_ record: Record, _ source: SourceLine) throws(FieldFault) -> InstructionExample {
        let chosen = try side(record, ["chosen", "preferred_output"])
        let rejected = try side(record, ["rejected", "non_preferred_output"])
        var prompt = try prompt(record)
        var (better, worse) = (chosen, rejected)
        let areWhole = [chosen, rejected].allSatisfy { $0.first?.role != .assistant }
        if areWhole {
            let shared = zip(chosen, rejected).prefix { $0 == $1 }.count
            let head = Array(chosen[..<shared])
            // A system message may stand beside the whole conversations.
            let isNew = prompt.messages.allSatisfy { $0.role == .system }
            prompt.messages = isNew && head.first?.role != .system ? prompt.messages + head : head
            (better, worse) = (Array(chosen[shared...]), Array(rejected[shared...]))
        }
        guard chosen != rejected else {
            throw FieldFault(
                record.name("rejected"), zh: "与 chosen 相同，看不出偏好；请换一个较差的回答，或删去这一行",
                en: "is the same as chosen, which is no preference; give a worse answer, or take the line out")
        }
        return prompt.example(source, .preference(chosen: better, rejected: worse))
    }

    private static func side(_ record: Record, _ keys: [String]) throws(FieldFault) -> [Message] {
        guard let (key, value) = record.first(of: keys) else { throw .missing(record.name(keys[0]), expected: .string) }
        if let text = value.string, let messages = MarkedText.messages(text) { return messages }
        return try PromptCompletionReader.continuation(value, record.name(key)).messages
    }

    private static func prompt(_ record: Record) throws(FieldFault) -> Conversation {
        if let input = record["input"], input.object != nil {
            return try MessagesReader.read(Record(input, path: record.name("input")))
        }
        if record["conversations"] != nil || record["messages"] != nil, let schema = Schema.conversation(record) {
            return try SchemaReader.dialogue(record, schema)
        }
        if record["instruction"] != nil { return Conversation(messages: try AlpacaReader.prompt(record)) }
        if record.first(of: PromptCompletionReader.prompts) != nil { return try PromptCompletionReader.prompt(record) }
        var dialogue = Conversation(messages: [], tools: try ToolsReader.read(record))
        if let system = try record.string("system"), !system.isEmpty {
            dialogue.messages.append(Message(role: .system, content: system))
        }
        return dialogue
    }
}
