/// Turns one rule's automaton into a deterministic one: at most one edge for a byte, at most one for a called rule.
struct Determinizer {
    /// A deterministic automaton whose states are its own; state 0 is the start.
    struct Result {
        struct Edge {
            var bytes: ClosedRange<UInt8>
            var to: Int
        }

        var edges: [[Edge]] = []
        var calls: [[(rule: Int, to: Int)]] = []
        var isAccepting: [Bool] = []
        var count: Int { edges.count }
    }

    private let nfa: NFA
    private let statesMax: Int
    private let place: String
    private var result = Result()
    private var places: [[Int32]: Int] = [:]
    private var open: [[Int32]] = []
    /// For closures: which states were seen last in which round.
    private var seen: [Int32]
    private var round: Int32 = 0

    private init(_ nfa: NFA, statesMax: Int) {
        self.nfa = nfa
        self.statesMax = statesMax
        place = nfa.name
        seen = Array(repeating: -1, count: nfa.count)
    }

    /// - Parameter steps: what may still be spent on compiling; made less by what this takes.
    static func run(_ nfa: NFA, statesMax: Int, stepsMax: Int, steps: inout Int) throws(GrammarError) -> Result {
        var determinizer = Determinizer(nfa, statesMax: statesMax)
        _ = try determinizer.state(of: [Int32(nfa.start)])
        var next = 0
        while next < determinizer.open.count {
            let states = determinizer.open[next]
            steps -= states.count + 1
            guard steps > 0 else { throw .limit(name: "compileStepsMax", value: stepsMax, place: nfa.name) }
            try determinizer.expand(states, at: next)
            next += 1
        }
        return determinizer.result
    }

    /// The deterministic state for all that these reach silently.
    private mutating func state(of targets: [Int32]) throws(GrammarError) -> Int {
        let key = closure(targets)
        if let place = places[key] { return place }
        guard open.count < statesMax else { throw .limit(name: "statesMax", value: statesMax, place: place) }
        let place = open.count
        places[key] = place
        open.append(key)
        result.edges.append([])
        result.calls.append([])
        result.isAccepting.append(key.contains(Int32(nfa.final)))
        return place
    }

    /// The states that do something, of all that can be reached silently, in order.
    private mutating func closure(_ targets: [Int32]) -> [Int32] {
        round += 1
        var found: [Int32] = []
        var stack = targets
        for target in targets { seen[Int(target)] = round }
        while let state = stack.popLast() {
            let place = Int(state)
            if place == nfa.final || !nfa.byteEdges[place].isEmpty || !nfa.calls[place].isEmpty { found.append(state) }
            for next in nfa.silent[place] where seen[next] != round {
                seen[next] = round
                stack.append(Int32(next))
            }
        }
        return Set(found).sorted()
    }

    private mutating func expand(_ states: [Int32], at place: Int) throws(GrammarError) {
        var calls: [Int: [Int32]] = [:]
        var edges: [NFA.ByteEdge] = []
        for state in states {
            edges += nfa.byteEdges[Int(state)]
            for call in nfa.calls[Int(state)] { calls[call.rule, default: []].append(Int32(call.to)) }
        }
        for (rule, targets) in calls.sorted(by: { $0.key < $1.key }) {
            result.calls[place].append((rule, try state(of: targets)))
        }
        guard !edges.isEmpty else { return }
        // Between two neighbouring cuts all bytes lead to the same targets.
        var isCut = [Bool](repeating: false, count: 257)
        for edge in edges {
            isCut[Int(edge.bytes.lowerBound)] = true
            isCut[Int(edge.bytes.upperBound) + 1] = true
        }
        let cuts = isCut.indices.filter { isCut[$0] }
        var pieceOf = [Int](repeating: 0, count: 257)
        for (piece, cut) in cuts.enumerated() { pieceOf[cut] = piece }
        var targets = [[Int32]](repeating: [], count: cuts.count)
        for edge in edges {
            for piece in pieceOf[Int(edge.bytes.lowerBound)]..<pieceOf[Int(edge.bytes.upperBound) + 1] {
                targets[piece].append(Int32(edge.to))
            }
        }
        for piece in 0..<cuts.count - 1 where !targets[piece].isEmpty {
            let to = try state(of: targets[piece])
            let bytes = UInt8(cuts[piece])...UInt8(cuts[piece + 1] - 1)
            if let last = result.edges[place].last, last.to == to,
                Int(last.bytes.upperBound) + 1 == Int(bytes.lowerBound)
            {
                result.edges[place][result.edges[place].count - 1].bytes = last.bytes.lowerBound...bytes.upperBound
            } else {
                result.edges[place].append(Result.Edge(bytes: bytes, to: to))
            }
        }
    }
}
