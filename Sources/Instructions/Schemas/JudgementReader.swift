import Dialogue
import JSON

/// An answer and a thumb: `{"prompt", "completion", "label": true}` (TRL), `{"conversations": […], "kto_tag": true}`
/// (LLaMA-Factory, also with `messages` and `label`, and over Alpaca's members).
enum JudgementReader {
    static func read(_ record: Record, _ source: SourceLine) throws(FieldFault) -> InstructionExample {
        guard let (key, value) = record.first(of: ["kto_tag", "label"]) else {
            throw .missing(record.name("label"), expected: .boolean)
        }
        guard let isGood = value.bool else { throw .wrongType(record.name(key), expected: .boolean, found: value) }
        guard let schema = Schema.conversation(record) else {
            throw FieldFault(
                "", zh: "有 \(key) 却没有对话；请给出 prompt 与 completion，或 messages",
                en: "has \(key) and no conversation; give prompt and completion, or messages")
        }
        return try SchemaReader.dialogue(record, schema).example(source, .judgement(isGood: isGood))
    }
}
