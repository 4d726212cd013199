import Corpus
import Dialogue
import JSON

/// What is asked in files of examples of any schema, or of prompts alone: for a model that shall answer.
///
///     {"prompt": "…"}   {"question": "…"}   {"instruction": "…", "input": "…"}   {"messages": […]}
///
/// Answers that a record has are left out; of a conversation the turns up to its last question are kept.
package struct QuestionData: Sendable {
    package struct Question: Sendable, Hashable {
        /// The last is a user's.
        package var messages: [Message]
        package var tools: [Tool]
        package var source: SourceLine
    }

    package let questions: [Question]
    /// The first records that ask nothing.
    package let faults: [DataFault]
    package let faultCount: Int

    private static let faultsInErrorMax = 10

    /// - Throws: `InstructionsError.broken` when records ask nothing and may not be passed over.
    package init(
        paths: [String], skipsBroken: Bool, limits: InstructionLimits = InstructionLimits()
    ) throws {
        let files = try InstructionFiles(paths: paths, limits: limits)
        var (questions, faults, count): ([Question], [DataFault], Int) = ([], [], 0)
        func note(_ fault: DataFault) {
            count += 1
            if faults.count < limits.faultsShownMax { faults.append(fault) }
        }
        for file in files.files {
            let reader = try RecordReader(path: file.path, limits: limits)
            while let record = try reader.next() {
                switch record {
                case .fault(let problem, let line):
                    note(DataFault(source: SourceLine(file: file.path, line: line), problem: problem))
                case .value(let value, let line):
                    let source = SourceLine(file: file.path, line: line)
                    do throws(FieldFault) { questions.append(try Self.question(value, source)) } catch {
                        note(DataFault(error, at: source))
                    }
                }
                guard questions.count <= limits.examplesMax else {
                    throw InstructionsError.tooManyExamples(path: file.path, limit: limits.examplesMax)
                }
            }
        }
        if count > 0, !skipsBroken {
            throw InstructionsError.broken(faults: Array(faults.prefix(Self.faultsInErrorMax)), count: count)
        }
        (self.questions, self.faults, faultCount) = (questions, faults, count)
    }

    private static func question(_ value: JSONValue, _ source: SourceLine) throws(FieldFault) -> Question {
        let said = try said(value, source)
        guard let last = said.messages.lastIndex(where: { $0.role == .user }),
            !said.messages[last].content.allSatisfy(\.isWhitespace)
        else { throw FieldFault("", zh: "没有提问；请补上 user 的消息", en: "asks nothing; give a message of the user's") }
        return Question(messages: Array(said.messages[...last]), tools: said.tools, source: source)
    }

    private static func said(_ value: JSONValue, _ source: SourceLine) throws(FieldFault) -> Conversation {
        if let items = value.array { return try NanochatReader.read(items) }
        let record = try Record(value)
        if record["messages"] == nil, record.first(of: PromptCompletionReader.prompts) != nil {
            return try PromptCompletionReader.prompt(record)
        }
        if record["instruction"] != nil { return Conversation(messages: try AlpacaReader.prompt(record)) }
        let (schema, example) = (try Schema.recognise(value), SchemaReader(limits: InstructionLimits()))
        guard schema == .preference else { return try SchemaReader.dialogue(record, schema) }
        let (pair, _) = try example.read(value, at: source)
        return Conversation(messages: pair.messages, tools: pair.tools)
    }
}
