/// One rule as a nondeterministic automaton: states with edges that read bytes, call a rule, or read nothing.
struct NFA {
    struct ByteEdge {
        var bytes: ClosedRange<UInt8>
        var to: Int
    }

    struct CallEdge {
        var rule: Int
        var to: Int
    }

    private(set) var silent: [[Int]] = []
    private(set) var byteEdges: [[ByteEdge]] = []
    private(set) var calls: [[CallEdge]] = []
    let statesMax: Int
    let name: String
    let final: Int
    var start: Int

    init(name: String, statesMax: Int) {
        self.name = name
        self.statesMax = statesMax
        (silent, byteEdges, calls) = ([[]], [[]], [[]])
        (final, start) = (0, 0)
    }

    var count: Int { silent.count }

    mutating func addState() throws(GrammarError) -> Int {
        guard count < statesMax else { throw .limit(name: "statesMax", value: statesMax, place: name) }
        silent.append([])
        byteEdges.append([])
        calls.append([])
        return count - 1
    }

    mutating func addSilent(_ from: Int, _ to: Int) { silent[from].append(to) }

    mutating func addBytes(_ from: Int, _ bytes: ClosedRange<UInt8>, _ to: Int) {
        byteEdges[from].append(ByteEdge(bytes: bytes, to: to))
    }

    mutating func addCall(_ from: Int, _ rule: Int, _ to: Int) { calls[from].append(CallEdge(rule: rule, to: to)) }
}
