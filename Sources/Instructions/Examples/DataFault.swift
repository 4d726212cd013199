/// A record that is no example: where, what is wrong, and how to mend it.
///
///     data/mine.jsonl:12: messages[1].content: is missing; give the answer's text
package struct DataFault: Error, Sendable, Hashable, CustomStringConvertible {
    package var source: SourceLine
    /// `messages[1].content`; empty for the record as a whole.
    package var field: String
    package var problem: Wording

    package init(source: SourceLine, field: String = "", problem: Wording) {
        self.source = source
        self.field = field
        self.problem = problem
    }

    init(_ fault: FieldFault, at source: SourceLine) {
        self.init(source: source, field: fault.field, problem: fault.problem)
    }

    /// The whole line in both languages.
    package var wording: Wording {
        let place = field.isEmpty ? "\(source): " : "\(source): \(field): "
        return Wording(zh: place + problem.zh, en: place + problem.en)
    }

    package var description: String { wording.en }
}
