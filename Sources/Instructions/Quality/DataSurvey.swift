import Corpus
import Dialogue

/// What a pile of examples consists of.
///
///     var survey = DataSurvey()
///     survey.add(example, schema)
///     survey.languages[.chinese]
package struct DataSurvey: Sendable {
    /// What examples are for, as reports call it.
    package enum Kind: String, Sendable, CaseIterable {
        case demonstration, preference, good, bad, task

        init(_ lesson: InstructionExample.Lesson) {
            self =
                switch lesson {
                case .demonstration: .demonstration
                case .preference: .preference
                case .judgement(let isGood): isGood ? .good : .bad
                case .task: .task
                }
        }
    }

    package private(set) var examples = 0
    package private(set) var schemas: [Schema: Int] = [:]
    package private(set) var kinds: [Kind: Int] = [:]
    package private(set) var messages: [Role: Int] = [:]
    /// Characters of the messages' text.
    package private(set) var characters: [Role: Int] = [:]
    /// Examples by the language of what the assistant says, or of the prompt where it says nothing.
    package private(set) var languages: [TextLanguage: Int] = [:]
    package private(set) var withSystem = 0
    package private(set) var withTools = 0
    package private(set) var withCalls = 0
    package private(set) var withReasoning = 0
    /// Examples with more than one answer.
    package private(set) var withTurns = 0

    package init() {}

    package mutating func add(_ example: InstructionExample, _ schema: Schema) {
        examples += 1
        schemas[schema, default: 0] += 1
        kinds[Kind(example.lesson), default: 0] += 1
        let all = example.parts.flatMap(\.messages)
        for message in all {
            messages[message.role, default: 0] += 1
            characters[message.role, default: 0] += message.content.unicodeScalars.count
        }
        let answers = all.filter { $0.role == .assistant }
        let said = (answers.isEmpty ? all : answers).map(\.content).joined(separator: "\n")
        languages[TextLanguage(of: said), default: 0] += 1
        if all.contains(where: { $0.role == .system || $0.role == .developer }) { withSystem += 1 }
        if !example.tools.isEmpty { withTools += 1 }
        if all.contains(where: { !$0.toolCalls.isEmpty }) { withCalls += 1 }
        if all.contains(where: { $0.reasoning != nil }) { withReasoning += 1 }
        if example.messages.count(where: { $0.role == .assistant }) > 1 { withTurns += 1 }
    }
}
