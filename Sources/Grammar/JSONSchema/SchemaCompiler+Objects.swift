import JSON

extension SchemaCompiler {
    /// A name with the schemas of its value, or a language of names that are not listed.
    private struct Entry {
        var key: RuleSet.NodeID
        var value: RuleSet.NodeID
        var isRequired: Bool
    }

    /// Names that are not listed, as languages: how many patterns are told apart at most, as each may go with each.
    private static let patternsMax = 4

    mutating func object(_ facts: SchemaFacts) throws(GrammarError) -> RuleSet.NodeID {
        if facts.members.isEmpty, facts.required.isEmpty, facts.membersMin == 0, facts.membersMax == nil {
            return facts.isClosed
                ? try set.literal("{}")
                : try json.object(of: try json.value(depth: limits.anyValueDepthMax - 1, &set), &set)
        }
        let names = Self.names(of: facts)
        let patterns = try self.patterns(facts)
        var entries: [Entry] = []
        for name in names {
            entries.append(
                Entry(
                    key: try set.literal(JSONValue.string(name).serialized()),
                    value: try call(try schemas(for: name, facts, patterns)),
                    isRequired: facts.required.contains(name)))
        }
        let others = try self.others(facts, names, patterns)
        return try write(entries, others, facts)
    }

    /// The names that are spoken of, in their order; those that are only required come last.
    private static func names(of facts: SchemaFacts) -> [String] {
        var seen: Set<String> = []
        let named = facts.members.flatMap { $0.properties.map(\.name) } + facts.required
        return named.filter { seen.insert($0).inserted }
    }

    // MARK: What a member's value must fit

    private typealias Pattern = (schema: Schema, members: Int, node: RegexNode, plain: ByteLanguage)

    private func patterns(_ facts: SchemaFacts) throws(GrammarError) -> [Pattern] {
        var found: [Pattern] = []
        for (place, members) in facts.members.enumerated() {
            for (text, schema) in members.patterns {
                let node = try Self.regex(SchemaFacts.Fact(value: text, place: schema.pointer), limits)
                let plain = try language { (set) throws(GrammarError) in
                    try RegexWriter(spelling: .plain).write(node, matchesPart: true, to: &set)
                }
                found.append((schema, place, node, plain))
            }
        }
        guard found.count <= Self.patternsMax else {
            throw .unsupported(
                place: facts.place + "/patternProperties", reason: "more than \(Self.patternsMax) patterns")
        }
        return found
    }

    private func schemas(
        for name: String, _ facts: SchemaFacts, _ patterns: [Pattern]
    ) throws(GrammarError) -> [Schema] {
        var found: [Schema] = []
        for (place, members) in facts.members.enumerated() {
            var own = members.properties.filter { $0.name == name }.map(\.schema)
            own += patterns.filter { $0.members == place && $0.plain.contains(name.utf8) }.map(\.schema)
            if own.isEmpty, let additional = members.additional { own = [additional] }
            found += own
        }
        return found
    }

    /// Members of other names: those of each combination of patterns, and those of none.
    private mutating func others(
        _ facts: SchemaFacts, _ names: [String], _ patterns: [Pattern]
    ) throws(GrammarError) -> [Entry] {
        var entries: [Entry] = []
        let taken = try language { (set) throws(GrammarError) in
            var parts: [RuleSet.NodeID] = []
            for name in names {
                parts.append(
                    try set.add(.literal(Array(JSONValue.string(name).serialized().utf8.dropFirst().dropLast()))))
            }
            return try set.choice(parts)
        }
        let any = try language { (set) throws(GrammarError) in
            try set.many(try JSONText.character(in: .all, to: &set))
        }
        let free = try any.subtracting(taken, limits)
        let languages = try patterns.map { (pattern) throws(GrammarError) in
            try language { (set) throws(GrammarError) in
                try RegexWriter(spelling: .json).write(pattern.node, matchesPart: true, to: &set)
            }
        }
        for combination in 0..<(1 << patterns.count) {
            guard let schemas = otherSchemas(facts, patterns, combination, hasNames: !names.isEmpty) else { continue }
            guard !schemas.contains(where: { $0.value == false }) else { continue }
            var language = free
            for (place, other) in languages.enumerated() {
                language =
                    combination >> place & 1 == 1
                    ? try language.intersection(other, limits) : try language.subtracting(other, limits)
            }
            guard !language.isEmpty else { continue }
            let rule = try set.addRule("name", isShared: true)
            let quote = try set.literal("\"")
            set.define(rule, as: try set.sequence([quote, try language.write(to: &set), quote]))
            let value =
                schemas.isEmpty ? try json.value(depth: limits.anyValueDepthMax - 1, &set) : try call(schemas)
            entries.append(Entry(key: try set.add(.call(rule)), value: value, isRequired: false))
        }
        return entries
    }

    /// The schemas for a name that matches exactly the patterns of a combination; nil when there is to be no such name.
    private func otherSchemas(
        _ facts: SchemaFacts, _ patterns: [Pattern], _ combination: Int, hasNames: Bool
    ) -> [Schema]? {
        var schemas: [Schema] = []
        var isWanted = combination != 0
        for (place, members) in facts.members.enumerated() {
            let own = patterns.indices.filter { combination >> $0 & 1 == 1 && patterns[$0].members == place }
            if !own.isEmpty {
                schemas += own.map { patterns[$0].schema }
            } else if let additional = members.additional {
                schemas.append(additional)
                isWanted = true
            }
        }
        // Where nothing is said of other names: none beside names or patterns.
        if !isWanted { isWanted = !hasNames && patterns.isEmpty && !facts.isClosed }
        return isWanted ? schemas : nil
    }

    // MARK: The object

    private mutating func write(
        _ entries: [Entry], _ others: [Entry], _ facts: SchemaFacts
    ) throws(GrammarError) -> RuleSet.NodeID {
        let named = entries.filter(\.isRequired).count
        let least = max(facts.membersMin, named)
        // A name that is not listed may come twice, and then counts once.
        guard facts.membersMin <= entries.count + (others.isEmpty ? 0 : 1) || others.isEmpty,
            facts.membersMin <= named + 1 || facts.membersMax == nil || others.isEmpty
        else {
            throw .unsupported(
                place: facts.place + "/minProperties",
                reason: "so many members of names that are not listed cannot be held to; list them in properties")
        }
        if let most = facts.membersMax, most < least { return RuleSet.nothing }
        // Places are (entries passed, members written); what is above the bounds makes no difference.
        let countsMax = max(1, least, facts.membersMax ?? 0)
        guard (entries.count + 1) * (countsMax + 1) <= limits.nodesMax else {
            throw .limit(name: "nodesMax", value: limits.nodesMax, place: facts.place)
        }
        var graph = RuleSet.Graph()
        graph.places = (entries.count + 1) * (countsMax + 1)
        func place(_ passed: Int, _ count: Int) -> Int { passed * (countsMax + 1) + min(count, countsMax) }
        let mayGrow = { (count: Int) in facts.membersMax.map { count < $0 } ?? true }
        let comma = try JSONText.comma(&set)
        let colon = try JSONText.colon(&set)
        func member(_ entry: Entry, first: Bool) throws(GrammarError) -> RuleSet.NodeID {
            try set.sequence((first ? [] : [comma]) + [entry.key, colon, entry.value])
        }
        for (passed, entry) in entries.enumerated() {
            let nodes = [try member(entry, first: false), try member(entry, first: true)]
            for count in 0...countsMax {
                if mayGrow(count) {
                    graph.addEdge(place(passed, count), place(passed + 1, count + 1), nodes[count == 0 ? 1 : 0])
                }
                if !entry.isRequired { graph.addEdge(place(passed, count), place(passed + 1, count)) }
            }
        }
        let last = entries.count
        // Once one name that is not listed was written, more of them do not count towards the lower bound.
        let loop = graph.addPlace()
        for entry in others {
            let nodes = [try member(entry, first: false), try member(entry, first: true)]
            for count in 0...countsMax where mayGrow(count) {
                let isCounted = facts.membersMax != nil
                let to = isCounted ? place(last, count + 1) : count + 1 >= facts.membersMin ? loop : nil
                if let to { graph.addEdge(place(last, count), to, nodes[count == 0 ? 1 : 0]) }
            }
            if facts.membersMax == nil { graph.addEdge(loop, loop, nodes[0]) }
        }
        graph.accepting = (0...countsMax).filter { $0 >= facts.membersMin }.map { place(last, $0) } + [loop]
        return try set.sequence([
            try set.literal("{"), try set.add(.graph(graph)), try set.literal("}"),
        ])
    }
}
