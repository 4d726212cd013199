/// Writes a regular expression into a rule set.
struct RegexWriter {
    /// How a character of the text is spelled.
    enum Spelling {
        /// As it is.
        case plain
        /// As in a JSON string, each character in one way only.
        case json
    }

    let spelling: Spelling

    /// The texts that an expression matches: the whole text, or any part of it (`^` and `$` then bind it to the ends).
    func write(_ node: RegexNode, matchesPart: Bool, to set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        try write(node, opensStart: matchesPart, opensEnd: matchesPart, isAtStart: true, isAtEnd: true, to: &set)
    }

    /// Deterministic automata that have no more states than this are written as such.
    private static let deterministicStatesMax = 1024

    /// As `write`, deterministic where that takes few states: counted repetitions that can be read in many ways
    /// (`[a-z-]{0,60}[a-z]`) would make many readings of one text.
    func writeCompactly(
        _ node: RegexNode, matchesPart: Bool, to set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID {
        var own = RuleSet(limits: set.limits)
        let part = try write(node, matchesPart: matchesPart, to: &own)
        if let language = try? ByteLanguage(part, of: own, statesMax: Self.deterministicStatesMax), !language.isEmpty {
            return try language.write(to: &set)
        }
        return try write(node, matchesPart: matchesPart, to: &set)
    }

    /// - Parameters:
    ///   - opensStart: anything may stand before, unless an anchor forbids it; given on to the parts that can hold one.
    ///   - isAtStart: nothing of the expression comes before, so that `^` has a meaning.
    private func write(
        _ node: RegexNode, opensStart: Bool, opensEnd: Bool, isAtStart: Bool, isAtEnd: Bool, to set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID {
        guard node.hasAnchor else {
            var parts = [try plain(node, to: &set)]
            if opensStart { parts.insert(try anything(&set), at: 0) }
            if opensEnd { parts.append(try anything(&set)) }
            return try set.sequence(parts)
        }
        switch node {
        case .start:
            guard isAtStart else { throw misplaced("^") }
            return opensEnd ? try anything(&set) : RuleSet.empty
        case .end:
            guard isAtEnd else { throw misplaced("$") }
            return opensStart ? try anything(&set) : RuleSet.empty
        case .choice(let choices):
            var parts: [RuleSet.NodeID] = []
            for choice in choices {
                parts.append(
                    try write(
                        choice, opensStart: opensStart, opensEnd: opensEnd, isAtStart: isAtStart, isAtEnd: isAtEnd,
                        to: &set))
            }
            return try set.choice(parts)
        case .sequence(let items):
            return try sequence(items, opensStart, opensEnd, isAtStart, isAtEnd, &set)
        case .repetition(let part, 1, 1):
            return try write(
                part, opensStart: opensStart, opensEnd: opensEnd, isAtStart: isAtStart, isAtEnd: isAtEnd, to: &set)
        case .repetition: throw misplaced("an anchor in a repetition")
        case .empty, .scalars: return RuleSet.empty
        }
    }

    private func sequence(
        _ items: [RegexNode], _ opensStart: Bool, _ opensEnd: Bool, _ isAtStart: Bool, _ isAtEnd: Bool,
        _ set: inout RuleSet
    ) throws(GrammarError) -> RuleSet.NodeID {
        var items = items[...]
        var (opensStart, opensEnd) = (opensStart, opensEnd)
        while items.first == .start {
            guard isAtStart else { throw misplaced("^") }
            opensStart = false
            items.removeFirst()
        }
        while items.last == .end {
            guard isAtEnd else { throw misplaced("$") }
            opensEnd = false
            items.removeLast()
        }
        guard !items.isEmpty else { return opensStart || opensEnd ? try anything(&set) : RuleSet.empty }
        var parts: [RuleSet.NodeID] = []
        for place in items.indices {
            let (isFirst, isLast) = (place == items.startIndex, place == items.endIndex - 1)
            parts.append(
                try write(
                    items[place], opensStart: isFirst && opensStart, opensEnd: isLast && opensEnd,
                    isAtStart: isFirst && isAtStart, isAtEnd: isLast && isAtEnd, to: &set))
        }
        return try set.sequence(parts)
    }

    private func misplaced(_ what: String) -> GrammarError {
        .unsupported(place: "the regular expression", reason: "\(what) only where the text begins or ends")
    }

    private func plain(_ node: RegexNode, to set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        switch node {
        case .empty, .start, .end: return RuleSet.empty
        case .scalars(let scalars): return try write(scalars, to: &set)
        case .sequence(let items):
            var parts: [RuleSet.NodeID] = []
            for item in items { parts.append(try plain(item, to: &set)) }
            return try set.sequence(parts)
        case .choice(let items):
            var parts: [RuleSet.NodeID] = []
            for item in items { parts.append(try plain(item, to: &set)) }
            return try set.choice(parts)
        case .repetition(let part, let min, let max):
            return try set.add(.repetition(try plain(part, to: &set), min: min, max: max))
        }
    }

    private func anything(_ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        try set.many(try write(.all, to: &set))
    }

    func write(_ scalars: ScalarSet, to set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        switch spelling {
        case .plain: try set.add(.scalars(scalars))
        case .json: try JSONText.character(in: scalars, to: &set)
        }
    }
}
