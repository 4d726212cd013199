/// From rules to the automaton that is run.
///
/// Throws when nothing fits the root, when a rule begins with itself, or when a limit is reached.
struct Compiler {
    /// A rule of the set, or one that counts how often a part is read, or that part.
    private enum Unit: Hashable {
        case rule(Int)
        case count(RuleSet.NodeID, min: Int, max: Int?)
        case part(RuleSet.NodeID)
    }

    private let set: RuleSet
    private let analysis: RuleAnalysis
    private var units: [Unit] = []
    private var unitPlaces: [Unit: Int] = [:]
    private var automata: [Determinizer.Result] = []
    private var steps: Int
    private var statesLeft: Int

    private init(_ set: RuleSet) {
        self.set = set
        analysis = RuleAnalysis(set)
        steps = set.limits.compileStepsMax
        statesLeft = set.limits.statesMax
    }

    static func compile(_ set: RuleSet) throws(GrammarError) -> Automaton {
        if let open = set.rules.first(where: { $0.body == nil }) {
            throw .syntax(place: open.name, reason: "this rule is used but not defined")
        }
        var compiler = Compiler(set)
        guard let body = set.rules[set.root].body, compiler.analysis.isProductive[body] else {
            throw .impossible(place: set.rules[set.root].name, reason: "no text of finite length fits")
        }
        _ = compiler.place(of: .rule(set.root))
        while compiler.automata.count < compiler.units.count {
            try compiler.build(compiler.units[compiler.automata.count])
        }
        try compiler.checkLeftRecursion()
        return compiler.assembled()
    }

    private mutating func place(of unit: Unit) -> Int {
        if let place = unitPlaces[unit] { return place }
        units.append(unit)
        unitPlaces[unit] = units.count - 1
        return units.count - 1
    }

    private func name(_ unit: Unit) -> String {
        switch unit {
        case .rule(let rule): set.rules[rule].name
        case .count, .part: "repetition"
        }
    }

    private mutating func build(_ unit: Unit) throws(GrammarError) {
        let body: RuleSet.NodeID
        switch unit {
        case .rule(let rule): body = set.rules[rule].body ?? RuleSet.nothing
        case .part(let part): body = part
        case .count(let part, let min, _):
            guard !analysis.isNullable[part] else {
                throw .unsupported(
                    place: "repetition",
                    reason: "a part that may be empty is repeated \(min) times or more; use * or make it not empty")
            }
            // One state that calls the part; what it counts is put in when all is assembled.
            let called = place(of: .part(part))
            automata.append(Determinizer.Result(edges: [[]], calls: [[(called, 0)]], isAccepting: [false]))
            return
        }
        // Rules that only count are numbered after those of the set.
        var counted: [Unit] = []
        let rules = set.rules.count
        let isLoop = if case .part = unit { true } else { false }
        let nfa = try NFABuilder.build(set, analysis, name: name(unit), body: body, isLoop: isLoop) { part, min, max in
            counted.append(.count(part, min: min, max: max))
            return rules + counted.count - 1
        }
        var result = try Determinizer.run(
            nfa, statesMax: statesLeft, stepsMax: set.limits.compileStepsMax, steps: &steps)
        statesLeft -= result.count
        for state in result.calls.indices {
            for call in result.calls[state].indices {
                let rule = result.calls[state][call].rule
                let unit = rule < rules ? Unit.rule(rule) : counted[rule - rules]
                result.calls[state][call].rule = place(of: unit)
            }
        }
        automata.append(result)
    }

    // MARK: Left recursion

    private func isNullable(_ unit: Unit) -> Bool {
        switch unit {
        case .rule(let rule): set.rules[rule].body.map { analysis.isNullable[$0] } ?? false
        case .part(let part): analysis.isNullable[part]
        case .count(let part, let min, _): min == 0 || analysis.isNullable[part]
        }
    }

    /// The units that may be called before a unit has read anything.
    private func leading(_ unit: Int) -> [Int] {
        let automaton = automata[unit]
        var found: Set<Int> = []
        var seen: Set<Int> = [0]
        var open = [0]
        while let state = open.popLast() {
            for call in automaton.calls[state] {
                found.insert(call.rule)
                if isNullable(units[call.rule]), seen.insert(call.to).inserted { open.append(call.to) }
            }
        }
        return found.sorted()
    }

    private func checkLeftRecursion() throws(GrammarError) {
        // 0 new, 1 on the path, 2 done; without recursion, as paths may be as long as there are rules.
        var mark = [UInt8](repeating: 0, count: units.count)
        for first in units.indices where mark[first] == 0 {
            var path: [(unit: Int, rest: [Int])] = [(first, leading(first))]
            mark[first] = 1
            while let last = path.last {
                guard let next = last.rest.last else {
                    mark[last.unit] = 2
                    path.removeLast()
                    continue
                }
                path[path.count - 1].rest.removeLast()
                if mark[next] == 1 {
                    let circle = path.map(\.unit).drop { $0 != next } + [next]
                    throw .leftRecursion(rules: circle.suffix(8).map { name(units[$0]) })
                }
                if mark[next] == 0 {
                    mark[next] = 1
                    path.append((next, leading(next)))
                }
            }
        }
    }

    // MARK: Putting together

    private func assembled() -> Automaton {
        var automaton = Automaton(stacksMax: set.limits.stacksMax, framesMax: set.limits.framesMax)
        var starts: [Int] = []
        var total = 0
        for result in automata {
            starts.append(total)
            total += result.count
        }
        for (unit, result) in automata.enumerated() {
            if case .count(_, let min, let max) = units[unit] {
                automaton.counts.append(
                    Automaton.Count(
                        start: Int32(starts[result.calls[0][0].rule]), min: Int32(min), max: max.map { Int32($0) } ?? -1
                    ))
                automaton.states.append(Automaton.State(count: Int32(automaton.counts.count - 1)))
                continue
            }
            for state in 0..<result.count {
                let firstEdge = Int32(automaton.byteEdges.count)
                for edge in result.edges[state] {
                    automaton.byteEdges.append(
                        Automaton.ByteEdge(
                            low: edge.bytes.lowerBound, high: edge.bytes.upperBound, to: Int32(starts[unit] + edge.to)))
                }
                let firstCall = Int32(automaton.calls.count)
                for call in result.calls[state] {
                    let isLast = result.isOnlyAccepting(call.to)
                    automaton.calls.append(
                        Automaton.Call(
                            start: Int32(starts[call.rule]), to: isLast ? -1 : Int32(starts[unit] + call.to)))
                }
                automaton.states.append(
                    Automaton.State(
                        edges: firstEdge..<Int32(automaton.byteEdges.count),
                        calls: firstCall..<Int32(automaton.calls.count), isAccepting: result.isAccepting[state]))
            }
        }
        automaton.start = Int32(starts[0])
        return automaton
    }
}

extension Determinizer.Result {
    /// Nothing can be read there: the rule has ended.
    func isOnlyAccepting(_ state: Int) -> Bool {
        isAccepting[state] && edges[state].isEmpty && calls[state].isEmpty
    }
}
