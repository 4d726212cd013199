/// A grammar as rules made of parts, before it is compiled: what all readers produce.
///
/// Parts are in one array and name each other by their places, children before parents, so that no walk over them
/// needs to recurse and none is freed by recursion.
struct RuleSet: Sendable {
    typealias NodeID = Int
    typealias RuleID = Int

    enum Node: Sendable {
        /// The empty text.
        case empty
        /// No text.
        case nothing
        case literal([UInt8])
        /// One byte.
        case bytes([ClosedRange<UInt8>])
        /// One scalar, as UTF-8.
        case scalars(ScalarSet)
        case sequence([NodeID])
        case choice([NodeID])
        /// `max` nil: any number.
        case repetition(NodeID, min: Int, max: Int?)
        case call(RuleID)
        case graph(Graph)
    }

    /// A way from place 0 to an accepting place, along edges that each read a part (nil: nothing).
    ///
    /// What sequences and choices cannot say without repeating themselves: members of an object, some of them optional.
    struct Graph: Sendable {
        struct Edge: Sendable {
            var from: Int
            var to: Int
            var node: NodeID?
        }

        var places = 1
        var edges: [Edge] = []
        var accepting: [Int] = []

        mutating func addPlace() -> Int {
            places += 1
            return places - 1
        }

        mutating func addEdge(_ from: Int, _ to: Int, _ node: NodeID? = nil) {
            edges.append(Edge(from: from, to: to, node: node))
        }
    }

    struct Rule: Sendable {
        var name: String
        /// nil until it is defined.
        var body: NodeID?
        /// Called from many places: masks are prepared once for it. It is never written into its callers.
        var isShared = false
    }

    private(set) var nodes: [Node] = [.empty, .nothing]
    private(set) var rules: [Rule] = []
    var root: RuleID = 0
    let limits: GrammarLimits

    static let empty: NodeID = 0
    static let nothing: NodeID = 1

    init(limits: GrammarLimits) { self.limits = limits }

    mutating func add(_ node: Node) throws(GrammarError) -> NodeID {
        guard nodes.count < limits.nodesMax else { throw .limit(name: "nodesMax", value: limits.nodesMax, place: "/") }
        nodes.append(node)
        return nodes.count - 1
    }

    mutating func addRule(_ name: String, isShared: Bool = false) throws(GrammarError) -> RuleID {
        guard rules.count < limits.rulesMax else { throw .limit(name: "rulesMax", value: limits.rulesMax, place: name) }
        rules.append(Rule(name: name, isShared: isShared))
        return rules.count - 1
    }

    mutating func define(_ rule: RuleID, as body: NodeID) { rules[rule].body = body }

    // MARK: Shorthands

    mutating func literal(_ text: String) throws(GrammarError) -> NodeID { try add(.literal(Array(text.utf8))) }

    mutating func sequence(_ parts: [NodeID]) throws(GrammarError) -> NodeID {
        parts.count == 1 ? parts[0] : try add(.sequence(parts))
    }

    mutating func choice(_ parts: [NodeID]) throws(GrammarError) -> NodeID {
        parts.isEmpty ? Self.nothing : parts.count == 1 ? parts[0] : try add(.choice(parts))
    }

    mutating func optional(_ part: NodeID) throws(GrammarError) -> NodeID {
        try add(.repetition(part, min: 0, max: 1))
    }

    mutating func many(_ part: NodeID) throws(GrammarError) -> NodeID {
        try add(.repetition(part, min: 0, max: nil))
    }
}
