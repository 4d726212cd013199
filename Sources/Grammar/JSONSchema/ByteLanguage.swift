/// A regular language of bytes as a deterministic automaton, for what a string must be in more than one respect.
struct ByteLanguage {
    private var edges: [[(bytes: ClosedRange<UInt8>, to: Int)]]
    private var isAccepting: [Bool]

    /// What a part of a rule set that calls no rules stands for.
    ///
    /// - Parameter statesMax: nil is `patternStatesMax`.
    init(_ node: RuleSet.NodeID, of set: RuleSet, statesMax: Int? = nil) throws(GrammarError) {
        let analysis = RuleAnalysis(set)
        guard analysis.isProductive[node] else {
            (edges, isAccepting) = ([[]], [false])
            return
        }
        let statesMax = statesMax ?? set.limits.patternStatesMax
        // Repetitions are written out here, whatever they come to.
        guard analysis.cost[node] <= set.limits.statesMax else {
            throw .limit(name: "statesMax", value: set.limits.statesMax, place: "a string")
        }
        let nfa = try NFABuilder.build(set, analysis, name: "a string", body: node, isLoop: false, countedRule: nil)
        var steps = set.limits.compileStepsMax
        let result = try Determinizer.run(nfa, statesMax: statesMax, stepsMax: steps, steps: &steps)
        edges = result.edges.map { $0.map { ($0.bytes, $0.to) } }
        isAccepting = result.isAccepting
    }

    func contains(_ text: some Sequence<UInt8>) -> Bool {
        var state = 0
        for byte in text {
            guard let edge = edges[state].first(where: { $0.bytes.contains(byte) }) else { return false }
            state = edge.to
        }
        return isAccepting[state]
    }

    /// Whether nothing is in it.
    var isEmpty: Bool {
        var seen: Set<Int> = [0]
        var open = [0]
        while let state = open.popLast() {
            if isAccepting[state] { return false }
            for edge in edges[state] where seen.insert(edge.to).inserted { open.append(edge.to) }
        }
        return true
    }

    func intersection(_ other: ByteLanguage, _ limits: GrammarLimits) throws(GrammarError) -> ByteLanguage {
        try product(other, limits, keepsMisses: false) { $0 && $1 }
    }

    func subtracting(_ other: ByteLanguage, _ limits: GrammarLimits) throws(GrammarError) -> ByteLanguage {
        try product(other, limits, keepsMisses: true) { $0 && !$1 }
    }

    private struct Pair: Hashable {
        var left: Int
        /// -1: the other language has nothing that begins like this.
        var right: Int
    }

    private func product(
        _ other: ByteLanguage, _ limits: GrammarLimits, keepsMisses: Bool, _ accepts: (Bool, Bool) -> Bool
    ) throws(GrammarError) -> ByteLanguage {
        var result = self
        (result.edges, result.isAccepting) = ([], [])
        var places: [Pair: Int] = [:]
        var open: [Pair] = []
        func place(_ pair: Pair) throws(GrammarError) -> Int {
            if let known = places[pair] { return known }
            guard open.count < limits.patternStatesMax else {
                throw .limit(name: "patternStatesMax", value: limits.patternStatesMax, place: "a string")
            }
            places[pair] = open.count
            open.append(pair)
            return open.count - 1
        }
        _ = try place(Pair(left: 0, right: 0))
        var next = 0
        while next < open.count {
            let pair = open[next]
            next += 1
            var row: [(bytes: ClosedRange<UInt8>, to: Int)] = []
            for edge in edges[pair.left] {
                for (bytes, right) in other.pieces(of: edge.bytes, from: pair.right) where keepsMisses || right >= 0 {
                    row.append((bytes, try place(Pair(left: edge.to, right: right))))
                }
            }
            result.edges.append(row)
            result.isAccepting.append(
                accepts(isAccepting[pair.left], pair.right >= 0 && other.isAccepting[pair.right]))
        }
        return result
    }

    /// Where the bytes of a range lead, piece by piece; -1 for nowhere.
    private func pieces(of bytes: ClosedRange<UInt8>, from state: Int) -> [(ClosedRange<UInt8>, Int)] {
        guard state >= 0 else { return [(bytes, -1)] }
        var found: [(ClosedRange<UInt8>, Int)] = []
        var low = Int(bytes.lowerBound)
        for edge in edges[state].sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound })
        where edge.bytes.overlaps(bytes) {
            let (from, to) = (max(low, Int(edge.bytes.lowerBound)), min(bytes.upperBound, edge.bytes.upperBound))
            if low < from { found.append((UInt8(low)...UInt8(from - 1), -1)) }
            found.append((UInt8(from)...to, edge.to))
            low = Int(to) + 1
        }
        if low <= Int(bytes.upperBound) { found.append((UInt8(low)...bytes.upperBound, -1)) }
        return found
    }

    /// The language as a part of a rule set.
    func write(to set: inout RuleSet) throws(GrammarError) -> RuleSet.NodeID {
        var graph = RuleSet.Graph()
        graph.places = edges.count
        for (state, row) in edges.enumerated() {
            if isAccepting[state] { graph.accepting.append(state) }
            var byTarget: [Int: [ClosedRange<UInt8>]] = [:]
            for edge in row { byTarget[edge.to, default: []].append(edge.bytes) }
            for (to, ranges) in byTarget.sorted(by: { $0.key < $1.key }) {
                graph.addEdge(state, to, try set.add(.bytes(ranges)))
            }
        }
        return try set.add(.graph(graph))
    }
}
