import JSON

/// What a text must be, compiled: a JSON Schema, a GBNF grammar or a regular expression.
///
///     let grammar = try Grammar(gbnf: #"root ::= "yes" | "no""#)
///     var matcher = grammar.matcher()
///     matcher.read("ye")             // true: "yes" can still come of it
///     matcher.isComplete             // false
///
/// Text is read as bytes, so that a token may end in the middle of a character. A value of this type is immutable and
/// may be used from any thread.
public struct Grammar: Sendable {
    let automaton: Automaton
    let limits: GrammarLimits

    init(_ rules: RuleSet) throws(GrammarError) {
        automaton = try Compiler.compile(rules)
        limits = rules.limits
    }

    /// The start of a text.
    public func matcher() -> Matcher { Matcher(automaton: automaton) }

    /// States in all, for those who want to know what a grammar came to.
    public var stateCount: Int { automaton.states.count }

    /// Whether this text fits.
    public func matches(_ text: String) -> Bool {
        var matcher = matcher()
        return matcher.read(text) && matcher.isComplete
    }
}
