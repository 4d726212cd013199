import JSON

extension SchemaCompiler {
    /// The values of one alternative.
    mutating func write(_ facts: SchemaFacts) throws(GrammarError) -> RuleSet.NodeID {
        if let values = facts.values { return try write(values, facts) }
        var parts: [RuleSet.NodeID] = []
        for kind in SchemaFacts.Kind.allCases where facts.kinds.contains(kind) {
            switch kind {
            case .null: parts.append(try set.literal("null"))
            case .boolean: parts.append(try json.boolean(&set))
            case .number: parts.append(try number(facts))
            case .string: parts.append(try string(facts))
            case .array: parts.append(try array(facts))
            case .object: parts.append(try object(facts))
            }
        }
        return try set.choice(parts)
    }

    // MARK: Enumerations

    private mutating func write(_ values: [JSONValue], _ facts: SchemaFacts) throws(GrammarError) -> RuleSet.NodeID {
        var kept = values.filter { SchemaValues.hasType($0, facts) }
        if facts.hasDetails {
            // What else is said is asked of each value, by the rules it would have without the list of values.
            var rest = facts
            rest.values = nil
            kept = try fitting(kept, try write(rest))
        }
        var parts: [RuleSet.NodeID] = []
        for value in kept { parts.append(try literal(value)) }
        return try set.choice(parts)
    }

    private mutating func fitting(
        _ values: [JSONValue], _ root: RuleSet.NodeID
    ) throws(GrammarError) -> [JSONValue] {
        var trial = self
        try trial.finish()
        trial.set.root = try trial.set.addRule("the values of an enum")
        trial.set.define(trial.set.root, as: root)
        // Those that are being written now, and call what asks here.
        for rule in trial.set.rules.indices where trial.set.rules[rule].body == nil {
            trial.set.define(rule, as: RuleSet.nothing)
        }
        do {
            let grammar = try Grammar(trial.set)
            return values.filter { grammar.matches($0.serialized()) }
        } catch {
            guard case .impossible = error else { throw error }
            return []
        }
    }

    /// A value as it is, with the white space that all values have.
    private mutating func literal(_ value: JSONValue) throws(GrammarError) -> RuleSet.NodeID {
        let isObject = value.object != nil
        let parts: [(key: String?, value: JSONValue)]
        switch value {
        case .array(let items) where !items.isEmpty: parts = items.map { (nil, $0) }
        case .object(let object) where !object.isEmpty: parts = object.map { ($0.key, $0.value) }
        default: return try set.literal(value.serialized())
        }
        var nodes = [try set.literal(isObject ? "{" : "[")]
        for (place, part) in parts.enumerated() {
            if place > 0 { nodes.append(try JSONText.comma(&set)) }
            if let key = part.key {
                nodes.append(try set.literal(JSONValue.string(key).serialized()))
                nodes.append(try JSONText.colon(&set))
            }
            nodes.append(try literal(part.value))
        }
        nodes.append(try set.literal(isObject ? "}" : "]"))
        return try set.sequence(nodes)
    }

    // MARK: Numbers

    private mutating func number(_ facts: SchemaFacts) throws(GrammarError) -> RuleSet.NodeID {
        var (range, isInteger) = (facts.range, facts.isInteger)
        var steps: [Int] = []
        for multiple in facts.multiples {
            guard let step = Decimal(multiple.value) else { continue }
            if step.isWhole {
                isInteger = true
                guard let size = multiple.value.int, size <= limits.patternStatesMax else {
                    throw .limit(name: "patternStatesMax", value: limits.patternStatesMax, place: multiple.place)
                }
                steps.append(size)
            } else if step.whole == [0], step.fraction.last == 1, step.fraction.dropLast().allSatisfy({ $0 == 0 }) {
                range.fractionDigitsMax = min(range.fractionDigitsMax, step.fraction.count)
            } else {
                throw .unsupported(
                    place: multiple.place, reason: "only whole numbers and 0.1, 0.01 and so on can be held to exactly")
            }
        }
        if isInteger { range.fractionDigitsMax = 0 }
        if steps.isEmpty, range.lower == nil, range.upper == nil, isInteger || facts.multiples.isEmpty {
            return isInteger ? try json.integer(&set) : try json.number(&set)
        }
        let node = try range.write(to: &set)
        guard !steps.isEmpty else { return node }
        var language = try language { (set) throws(GrammarError) in try range.write(to: &set) }
        for step in steps where step > 1 {
            language = try language.intersection(
                try self.language { (set) throws(GrammarError) in try Self.multiples(of: step, &set) }, limits)
        }
        return try language.write(to: &set)
    }

    /// Decimal digits whose value is a multiple, with a minus before them or not: one place for each remainder.
    private static func multiples(of step: Int, _ set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        var graph = RuleSet.Graph()
        let first = graph.addPlace()
        graph.addEdge(0, first, try set.optional(try set.literal("-")))
        let remainders = graph.places
        graph.places += step
        for digit in 0...9 {
            let node = try set.literal(String(digit))
            graph.addEdge(first, remainders + digit % step, node)
            for remainder in 0..<step {
                graph.addEdge(remainders + remainder, remainders + (remainder * 10 + digit) % step, node)
            }
        }
        graph.accepting = [remainders]
        return try set.add(.graph(graph))
    }

    /// A language of its own, outside the rules.
    func language(
        _ write: (inout RuleSet) throws(GrammarError) -> RuleSet.NodeID
    ) throws(GrammarError) -> ByteLanguage {
        var set = RuleSet(limits: limits)
        let node = try write(&set)
        return try ByteLanguage(node, of: set)
    }

    // MARK: Strings

    private mutating func string(_ facts: SchemaFacts) throws(GrammarError) -> RuleSet.NodeID {
        var sources: [(node: RegexNode, matchesPart: Bool)] = []
        for pattern in facts.patterns {
            sources.append((try Self.regex(pattern, limits), true))
        }
        for format in facts.formats {
            guard let text = try StringFormats.expression(format.value, place: format.place) else { continue }
            sources.append((try RegexParser.parse(text, limits), false))
        }
        if let most = facts.lengthMax, most < facts.lengthMin { return RuleSet.nothing }
        guard !sources.isEmpty else {
            return try json.string(min: facts.lengthMin, max: facts.lengthMax, &set)
        }
        let writer = RegexWriter(spelling: .json)
        let hasLength = facts.lengthMin > 0 || facts.lengthMax != nil
        let content: RuleSet.NodeID
        if sources.count == 1, !hasLength {
            content = try writer.writeCompactly(sources[0].node, matchesPart: sources[0].matchesPart, to: &set)
        } else {
            content = try place(facts) { (compiler) throws(GrammarError) in
                var language = try compiler.language { (set) throws(GrammarError) in
                    let any = try JSONText.character(in: .all, to: &set)
                    return try set.add(.repetition(any, min: facts.lengthMin, max: facts.lengthMax))
                }
                for source in sources {
                    let other = try compiler.language { (set) throws(GrammarError) in
                        try writer.write(source.node, matchesPart: source.matchesPart, to: &set)
                    }
                    language = try language.intersection(other, compiler.limits)
                }
                return try language.write(to: &compiler.set)
            }
        }
        let quote = try set.literal("\"")
        return try set.sequence([quote, content, quote])
    }

    /// Errors of what is done get the place of the facts.
    private mutating func place(
        _ facts: SchemaFacts, _ work: (inout SchemaCompiler) throws(GrammarError) -> RuleSet.NodeID
    ) throws(GrammarError) -> RuleSet.NodeID {
        do {
            return try work(&self)
        } catch {
            guard case .limit(let name, let value, _) = error else { throw error }
            throw .limit(name: name, value: value, place: facts.place)
        }
    }

    static func regex(_ pattern: SchemaFacts.Fact<String>, _ limits: GrammarLimits) throws(GrammarError) -> RegexNode {
        do {
            return try RegexParser.parse(pattern.value, limits)
        } catch {
            switch error {
            case .syntax(let place, let reason): throw .syntax(place: pattern.place, reason: "\(place): \(reason)")
            case .unsupported(let place, let reason):
                throw .unsupported(place: pattern.place, reason: "\(place): \(reason)")
            case .limit(let name, let value, _): throw .limit(name: name, value: value, place: pattern.place)
            case .impossible, .leftRecursion: throw error
            }
        }
    }
}
