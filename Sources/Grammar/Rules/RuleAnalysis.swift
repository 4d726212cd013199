/// What can be said of the parts of a rule set without building anything: which can end, which can be empty, how large
/// they are.
struct RuleAnalysis {
    /// Some text fits.
    private(set) var isProductive: [Bool]
    /// The empty text fits.
    private(set) var isNullable: [Bool]
    /// About the number of automaton states, calls of small rules written out; `costUnknown` for recursion.
    private(set) var cost: [Int]
    private(set) var ruleCost: [Int]

    static let costUnknown = 1 << 30
    /// How deep calls are written out when costs are counted.
    private static let callPasses = 4

    init(_ set: RuleSet) {
        let callers = Self.callers(set)
        isProductive = Self.fixpoint(set, callers, Self.productive)
        isNullable = Self.fixpoint(set, callers, Self.nullable)
        cost = []
        ruleCost = Array(repeating: Self.costUnknown, count: set.rules.count)
        for _ in 0..<Self.callPasses {
            cost = []
            cost.reserveCapacity(set.nodes.count)
            for node in set.nodes { cost.append(min(Self.costUnknown, Self.cost(node, cost, ruleCost))) }
            ruleCost = set.rules.map { rule in rule.isShared ? Self.costUnknown : rule.body.map { cost[$0] } ?? 0 }
        }
    }

    /// For each part, the parts it is in; for the body of a rule, its calls.
    private static func callers(_ set: RuleSet) -> [[Int]] {
        var callers = [[Int]](repeating: [], count: set.nodes.count)
        for (place, node) in set.nodes.enumerated() {
            switch node {
            case .empty, .nothing, .literal, .bytes, .scalars: break
            case .sequence(let parts), .choice(let parts): for part in parts { callers[part].append(place) }
            case .repetition(let part, _, _): callers[part].append(place)
            case .call(let rule): if let body = set.rules[rule].body { callers[body].append(place) }
            case .graph(let graph): for edge in graph.edges { if let part = edge.node { callers[part].append(place) } }
            }
        }
        return callers
    }

    /// The least assignment in which each part has what its own parts give it.
    private static func fixpoint(
        _ set: RuleSet, _ callers: [[Int]], _ holds: (RuleSet, RuleSet.Node, [Bool]) -> Bool
    ) -> [Bool] {
        var known = [Bool](repeating: false, count: set.nodes.count)
        var queue: [Int] = []
        for place in set.nodes.indices where holds(set, set.nodes[place], known) {
            known[place] = true
            queue.append(place)
        }
        while let place = queue.popLast() {
            for caller in callers[place] where !known[caller] && holds(set, set.nodes[caller], known) {
                known[caller] = true
                queue.append(caller)
            }
        }
        return known
    }

    private static func productive(_ set: RuleSet, _ node: RuleSet.Node, _ known: [Bool]) -> Bool {
        switch node {
        case .empty, .literal: true
        case .nothing: false
        case .bytes(let ranges): !ranges.isEmpty
        case .scalars(let scalars): !scalars.isEmpty
        case .sequence(let parts): parts.allSatisfy { known[$0] }
        case .choice(let parts): parts.contains { known[$0] }
        case .repetition(let part, let min, _): min == 0 || known[part]
        case .call(let rule): set.rules[rule].body.map { known[$0] } ?? false
        case .graph(let graph): graph.hasPath { known[$0] }
        }
    }

    private static func nullable(_ set: RuleSet, _ node: RuleSet.Node, _ known: [Bool]) -> Bool {
        switch node {
        case .empty: true
        case .nothing, .bytes, .scalars: false
        case .literal(let bytes): bytes.isEmpty
        case .sequence(let parts): parts.allSatisfy { known[$0] }
        case .choice(let parts): parts.contains { known[$0] }
        case .repetition(let part, let min, _): min == 0 || known[part]
        case .call(let rule): set.rules[rule].body.map { known[$0] } ?? false
        case .graph(let graph): graph.hasPath { known[$0] }
        }
    }

    private static func cost(_ node: RuleSet.Node, _ cost: [Int], _ ruleCost: [Int]) -> Int {
        switch node {
        case .empty, .nothing: 1
        case .literal(let bytes): bytes.count + 1
        case .bytes, .scalars: 1
        case .sequence(let parts), .choice(let parts): parts.reduce(1) { min(costUnknown, $0 + cost[$1]) }
        case .repetition(let part, let min, let max):
            cost[part].multipliedReportingOverflow(by: Swift.max(1, max ?? min)).partialValue.clamped(costUnknown)
        case .call(let rule): ruleCost[rule]
        case .graph(let graph):
            graph.edges.reduce(graph.places) { sum, edge in min(costUnknown, sum + (edge.node.map { cost[$0] } ?? 0)) }
        }
    }
}

extension Int {
    /// At most `limit`; an overflow that came out negative counts as the limit.
    fileprivate func clamped(_ limit: Int) -> Int { self < 0 || self > limit ? limit : self }
}

extension RuleSet.Graph {
    /// Whether an accepting place can be reached along edges that hold.
    func hasPath(_ holds: (RuleSet.NodeID) -> Bool) -> Bool {
        var next = [[Int]](repeating: [], count: places)
        for edge in edges where edge.node.map(holds) ?? true { next[edge.from].append(edge.to) }
        var isReached = [Bool](repeating: false, count: places)
        var open = [0]
        isReached[0] = true
        while let place = open.popLast() {
            for to in next[place] where !isReached[to] {
                isReached[to] = true
                open.append(to)
            }
        }
        return accepting.contains { isReached[$0] }
    }

    /// The places from which an accepting one can be reached along edges that hold.
    func coreachable(_ holds: (RuleSet.NodeID) -> Bool) -> [Bool] {
        var before = [[Int]](repeating: [], count: places)
        for edge in edges where edge.node.map(holds) ?? true { before[edge.to].append(edge.from) }
        var isReached = [Bool](repeating: false, count: places)
        for place in accepting { isReached[place] = true }
        var open = accepting
        while let place = open.popLast() {
            for from in before[place] where !isReached[from] {
                isReached[from] = true
                open.append(from)
            }
        }
        return isReached
    }
}
