import Dialogue
import JSON

/// A prompt whose answers a program judges: `{"prompt", "reward": {…}}`; the prompt may also stand under `messages`.
enum TaskReader {
    static func read(_ record: Record, _ source: SourceLine) throws(FieldFault) -> InstructionExample {
        guard let reward = record["reward"] else { throw .missing(record.name("reward"), expected: .object) }
        guard reward.object != nil else { throw .wrongType(record.name("reward"), expected: .object, found: reward) }
        let dialogue =
            record["messages"] == nil ? try PromptCompletionReader.prompt(record) : try MessagesReader.read(record)
        return dialogue.example(source, .task(reward: reward))
    }
}
