import Grammar

/// A regular expression for whole answers, in the notation and with the linear time of constrained output.
package struct AnswerPattern: Sendable, Equatable, CustomStringConvertible {
    private let source: String
    private let grammar: Grammar

    /// - Throws: `GrammarError` for what is not understood.
    package init(_ source: String) throws(GrammarError) {
        self.source = source
        grammar = try Grammar(regex: source)
    }

    func matches(_ text: String) -> Bool { grammar.matches(text) }

    package var description: String { "/\(source)/" }

    package static func == (one: AnswerPattern, other: AnswerPattern) -> Bool { one.source == other.source }
}
