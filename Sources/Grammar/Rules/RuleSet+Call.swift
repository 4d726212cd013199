extension RuleSet {
    /// Takes another set's rules in, and calls its root.
    mutating func call(_ other: RuleSet) throws(GrammarError) -> NodeID {
        let (firstNode, firstRule) = (nodes.count, rules.count)
        for node in other.nodes { _ = try add(node.moved(nodes: firstNode, rules: firstRule)) }
        for rule in other.rules {
            let place = try addRule(rule.name, isShared: rule.isShared)
            if let body = rule.body { define(place, as: body + firstNode) }
        }
        return try add(.call(other.root + firstRule))
    }
}

extension RuleSet.Node {
    fileprivate func moved(nodes: Int, rules: Int) -> RuleSet.Node {
        switch self {
        case .empty, .nothing, .literal, .bytes, .scalars: return self
        case .sequence(let parts): return .sequence(parts.map { $0 + nodes })
        case .choice(let parts): return .choice(parts.map { $0 + nodes })
        case .repetition(let part, let min, let max): return .repetition(part + nodes, min: min, max: max)
        case .call(let rule): return .call(rule + rules)
        case .graph(var graph):
            for place in graph.edges.indices { graph.edges[place].node = graph.edges[place].node.map { $0 + nodes } }
            return .graph(graph)
        }
    }
}
