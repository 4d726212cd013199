import JSON

extension SchemaCompiler {
    mutating func array(_ facts: SchemaFacts) throws(GrammarError) -> RuleSet.NodeID {
        if let most = facts.itemsMax, most < facts.itemsMin { return RuleSet.nothing }
        let comma = try JSONText.comma(&set)
        let prefix = facts.items.map(\.prefix.count).max() ?? 0
        // Place n: n items of the prefix were read.
        var graph = RuleSet.Graph()
        graph.places = prefix + 2
        let end = prefix + 1
        graph.accepting = [end]
        for place in 0..<prefix {
            if place >= facts.itemsMin { graph.addEdge(place, end) }
            if let most = facts.itemsMax, place >= most { continue }
            let item = try item(at: place, facts)
            graph.addEdge(place, place + 1, try set.sequence(place == 0 ? [item] : [comma, item]))
        }
        let least = max(0, facts.itemsMin - prefix)
        let most = facts.itemsMax.map { $0 - prefix }
        if least == 0 { graph.addEdge(prefix, end) }
        if most.map({ $0 > 0 }) ?? true {
            let item = try item(at: prefix, facts)
            let further = try set.sequence([comma, item])
            if prefix == 0 {
                let more = try set.add(.repetition(further, min: max(0, least - 1), max: most.map { $0 - 1 }))
                graph.addEdge(prefix, end, try set.sequence([item, more]))
            } else {
                graph.addEdge(prefix, end, try set.add(.repetition(further, min: max(1, least), max: most)))
            }
        }
        return try set.sequence([
            try set.literal("["), try set.add(.graph(graph)), try set.literal("]"),
        ])
    }

    private mutating func item(at place: Int, _ facts: SchemaFacts) throws(GrammarError) -> RuleSet.NodeID {
        let schemas = facts.items.compactMap { items in
            place < items.prefix.count ? items.prefix[place] : items.rest
        }
        return schemas.isEmpty ? try json.value(depth: limits.anyValueDepthMax - 1, &set) : try call(schemas)
    }
}
