/// Rules for JSON values that are shared by all places of a schema where they are needed.
struct JSONRules {
    /// Digits of an integer, and of a number before its point: more are not exact in most programs, and a model that
    /// is unsure would write digits without end.
    static let integerDigitsMax = 18
    static let fractionDigitsMax = 17

    private struct Lengths: Hashable {
        var min: Int
        var max: Int?
    }

    private var strings: [Lengths: RuleSet.RuleID] = [:]
    private var scalars: [String: RuleSet.RuleID] = [:]
    private var values: [Int: RuleSet.RuleID] = [:]

    /// A string of so many characters.
    mutating func string(
        min: Int = 0, max: Int? = nil, _ set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID {
        let lengths = Lengths(min: min, max: max)
        if let rule = strings[lengths] { return try set.add(.call(rule)) }
        let rule = try set.addRule("string", isShared: true)
        strings[lengths] = rule
        let quote = try set.literal("\"")
        let content = try set.add(.repetition(try JSONText.anyCharacter(&set), min: min, max: max))
        set.define(rule, as: try set.sequence([quote, content, quote]))
        return try set.add(.call(rule))
    }

    mutating func integer(_ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        try expression("integer", "-?(?:0|[1-9]\\d{0,\(Self.integerDigitsMax - 1)})", &set)
    }

    mutating func number(_ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        try expression(
            "number",
            "-?(?:0|[1-9]\\d{0,\(Self.integerDigitsMax - 1)})(?:\\.\\d{1,\(Self.fractionDigitsMax)})?"
                + "(?:[eE][+-]?(?:[0-9]{1,2}|[12][0-8][0-9]))?", &set)
    }

    mutating func boolean(_ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        try set.choice([try set.literal("true"), try set.literal("false")])
    }

    private mutating func expression(
        _ name: String, _ text: String, _ set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID {
        if let rule = scalars[name] { return try set.add(.call(rule)) }
        let rule = try set.addRule(name, isShared: true)
        scalars[name] = rule
        let node = try RegexParser.parse(text, set.limits)
        set.define(rule, as: try RegexWriter(spelling: .plain).write(node, matchesPart: false, to: &set))
        return try set.add(.call(rule))
    }

    /// Any value, nested at most so deep.
    mutating func value(depth: Int, _ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        // From the innermost outwards, so that nothing recurses.
        for level in 0...max(0, depth) where values[level] == nil {
            var choices = [
                try string(&set), try number(&set), try boolean(&set), try set.literal("null"),
            ]
            if level > 0 {
                let inner = try set.add(.call(values[level - 1] ?? 0))
                choices.append(try object(of: inner, &set))
                choices.append(try array(of: inner, &set))
            }
            let rule = try set.addRule("value")
            set.define(rule, as: try set.choice(choices))
            values[level] = rule
        }
        return try set.add(.call(values[max(0, depth)] ?? 0))
    }

    /// An object of any names.
    mutating func object(of value: RuleSet.NodeID, _ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        let member = try set.sequence([try string(&set), try JSONText.colon(&set), value])
        return try list(of: member, "{", "}", &set)
    }

    mutating func array(of value: RuleSet.NodeID, _ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        try list(of: value, "[", "]", &set)
    }

    private func list(
        of item: RuleSet.NodeID, _ open: String, _ close: String, _ set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID {
        let more = try set.many(try set.sequence([try JSONText.comma(&set), item]))
        let items = try set.optional(try set.sequence([item, more]))
        return try set.sequence([try set.literal(open), items, try set.literal(close)])
    }
}
