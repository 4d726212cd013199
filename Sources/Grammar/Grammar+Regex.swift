extension Grammar {
    /// Texts that a regular expression matches from their first to their last character, whether or not it says so
    /// with `^` and `$`. `RegexParser` says what is understood.
    public init(regex: String, limits: GrammarLimits = GrammarLimits()) throws(GrammarError) {
        let node = try RegexParser.parse(regex, limits)
        var set = RuleSet(limits: limits)
        let root = try set.addRule("the regular expression")
        set.define(root, as: try RegexWriter(spelling: .plain).writeCompactly(node, matchesPart: false, to: &set))
        try self.init(set)
    }
}
