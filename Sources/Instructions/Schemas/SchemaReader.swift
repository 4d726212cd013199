import Dialogue
import JSON

/// From a record of any schema to the one form.
struct SchemaReader {
    let limits: InstructionLimits

    /// - Throws: `FieldFault` for what is no example or would teach nothing.
    func read(_ value: JSONValue, at source: SourceLine) throws(FieldFault) -> (InstructionExample, Schema) {
        let schema = try Schema.recognise(value)
        var example = try example(value, schema, source)
        ToolCallIDs.complete(&example)
        try ExampleCheck(limits: limits).check(example)
        return (example, schema)
    }

    private func example(
        _ value: JSONValue, _ schema: Schema, _ source: SourceLine
    ) throws(FieldFault) -> InstructionExample {
        if schema == .nanochat {
            let dialogue = try NanochatReader.read(value.array ?? [])
            return dialogue.example(source)
        }
        let record = try Record(value)
        switch schema {
        case .preference: return try PreferenceReader.read(record, source)
        case .judgement: return try JudgementReader.read(record, source)
        case .task: return try TaskReader.read(record, source)
        default: return try Self.dialogue(record, schema).example(source)
        }
    }

    /// What is said in a record of one of the schemas without judgement.
    static func dialogue(_ record: Record, _ schema: Schema) throws(FieldFault) -> Conversation {
        switch schema {
        case .alpaca: try AlpacaReader.read(record)
        case .shareGPT: try ShareGPTReader.read(record)
        case .promptCompletion: try PromptCompletionReader.read(record)
        default: try MessagesReader.read(record)
        }
    }
}

/// What is said in a record.
struct Conversation {
    var messages: [Message]
    var tools: [Tool] = []
    /// Places of answers that are not taught.
    var untaught: Set<Int> = []

    func example(_ source: SourceLine, _ lesson: InstructionExample.Lesson = .demonstration) -> InstructionExample {
        InstructionExample(messages: messages, tools: tools, lesson: lesson, untaught: untaught, source: source)
    }
}
