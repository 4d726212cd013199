import Foundation
import Grammar

/// 1 when a regular expression matches an answer from its first to its last character, white space around it aside,
/// else 0. The expression is compiled to an automaton: no answer can make it run for long.
struct FormatReward: Reward {
    private let grammar: Grammar
    let best = 1.0

    init(regex: String) throws(GrammarError) { grammar = try Grammar(regex: regex) }

    func value(of answer: JudgedAnswer) -> Double? {
        grammar.matches(answer.text.trimmingCharacters(in: .whitespacesAndNewlines)) ? 1 : 0
    }
}
