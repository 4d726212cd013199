/// Writes a rule's parts into an automaton, each in front of what follows it.
///
/// Parts that no text fits are left out, so that from every state the end can be reached.
struct NFABuilder {
    private let set: RuleSet
    private let analysis: RuleAnalysis
    private(set) var nfa: NFA
    /// Makes the rule that counts a repetition; nil when all repetitions are to be written out.
    private let countedRule: ((RuleSet.NodeID, Int, Int?) -> Int)?

    /// Repetitions that come to no more states than this are written out; longer ones are counted.
    private static let unrolledStatesMax = 48
    /// Rules this small are written into a loop that calls them, so that a loop's masks do not depend on its callers.
    private static let loopInlineMax = 64
    private static let inlineMax = 8

    init(
        _ set: RuleSet, _ analysis: RuleAnalysis, name: String,
        countedRule: ((RuleSet.NodeID, Int, Int?) -> Int)?
    ) {
        self.set = set
        self.analysis = analysis
        self.countedRule = countedRule
        nfa = NFA(name: name, statesMax: set.limits.statesMax * 4)
    }

    static func build(
        _ set: RuleSet, _ analysis: RuleAnalysis, name: String, body: RuleSet.NodeID, isLoop: Bool,
        countedRule: ((RuleSet.NodeID, Int, Int?) -> Int)?
    ) throws(GrammarError) -> NFA {
        var builder = NFABuilder(set, analysis, name: name, countedRule: countedRule)
        builder.nfa.start = try builder.write(body, before: builder.nfa.final, isLoop: isLoop)
        return builder.nfa
    }

    /// - Returns: the state from which the part and then `next` are read.
    /// - Precondition: the part is productive.
    private mutating func write(
        _ node: RuleSet.NodeID, before next: Int, isLoop: Bool
    ) throws(GrammarError) -> Int {
        switch set.nodes[node] {
        case .empty: return next
        case .nothing: return try nfa.addState()
        case .literal(let bytes):
            var state = next
            for byte in bytes.reversed() {
                let before = try nfa.addState()
                nfa.addBytes(before, byte...byte, state)
                state = before
            }
            return state
        case .bytes(let ranges):
            let state = try nfa.addState()
            for range in ranges { nfa.addBytes(state, range, next) }
            return state
        case .scalars(let scalars): return try write(scalars, before: next)
        case .sequence(let parts):
            var state = next
            for part in parts.reversed() { state = try write(part, before: state, isLoop: isLoop) }
            return state
        case .choice(let parts):
            let state = try nfa.addState()
            for part in parts where analysis.isProductive[part] {
                nfa.addSilent(state, try write(part, before: next, isLoop: isLoop))
            }
            return state
        case .repetition(let part, let min, let max):
            return try write(part, min: min, max: max, before: next, isLoop: isLoop)
        case .call(let rule):
            if let body = set.rules[rule].body,
                analysis.ruleCost[rule] <= (isLoop ? Self.loopInlineMax : Self.inlineMax)
            {
                return try write(body, before: next, isLoop: isLoop)
            }
            let state = try nfa.addState()
            nfa.addCall(state, rule, next)
            return state
        case .graph(let graph): return try write(graph, before: next, isLoop: isLoop)
        }
    }

    private mutating func write(_ scalars: ScalarSet, before next: Int) throws(GrammarError) -> Int {
        let first = try nfa.addState()
        for sequence in UTF8Ranges.sequences(of: scalars) {
            var state = next
            for range in sequence.dropFirst().reversed() {
                let before = try nfa.addState()
                nfa.addBytes(before, range, state)
                state = before
            }
            nfa.addBytes(first, sequence[0], state)
        }
        return first
    }

    private mutating func write(
        _ part: RuleSet.NodeID, min: Int, max: Int?, before next: Int, isLoop: Bool
    ) throws(GrammarError) -> Int {
        // Zero times is all that is left of what cannot be read.
        guard analysis.isProductive[part], max != 0 else { return next }
        if min == 0, max == nil {
            let loop = try nfa.addState()
            nfa.addSilent(loop, next)
            nfa.addSilent(loop, try write(part, before: loop, isLoop: true))
            return loop
        }
        let times = Swift.max(1, max ?? min)
        let isSmall = analysis.cost[part] <= Self.unrolledStatesMax / times
        guard let countedRule, times > 1, !isSmall else {
            var state = max == nil ? try write(part, min: 0, max: nil, before: next, isLoop: isLoop) : next
            for time in (0..<times).reversed() {
                let after = state
                state = try write(part, before: after, isLoop: isLoop || times > 1)
                if time >= min {
                    let either = try nfa.addState()
                    nfa.addSilent(either, state)
                    nfa.addSilent(either, next)
                    state = either
                }
            }
            return state
        }
        let state = try nfa.addState()
        nfa.addCall(state, countedRule(part, min, max), next)
        return state
    }

    private mutating func write(
        _ graph: RuleSet.Graph, before next: Int, isLoop: Bool
    ) throws(GrammarError) -> Int {
        let analysis = analysis
        let isUseful = graph.coreachable { analysis.isProductive[$0] }
        var states: [Int] = []
        for _ in 0..<graph.places { states.append(try nfa.addState()) }
        for edge in graph.edges where isUseful[edge.to] {
            guard let node = edge.node else {
                nfa.addSilent(states[edge.from], states[edge.to])
                continue
            }
            guard analysis.isProductive[node] else { continue }
            nfa.addSilent(states[edge.from], try write(node, before: states[edge.to], isLoop: isLoop))
        }
        for place in graph.accepting { nfa.addSilent(states[place], next) }
        return states[0]
    }
}
