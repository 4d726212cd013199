/// The nodes of a `TokenTrie` while it is made: 0 the root, 1 to 256 the single bytes, then as they come.
struct TokenTrieNodes {
    struct Placed {
        var cells: [UInt64]
        /// Place of each node; those of the root and single bytes mean nothing.
        var places: [UInt32]
        var starts: [UInt32]
    }

    private struct Node {
        var parent: Int32
        var firstChild: Int32 = 0
        var lastChild: Int32 = 0
        var nextSibling: Int32 = 0
        var byte: UInt8
        var match = TokenTrie.Match.none
    }

    /// Nodes, and cells of the double array: 128 MB of those.
    private static let cellsMax = 1 << 24
    /// Free cells that are tried for a node's children before new ones are made.
    private static let triesMax = 32

    private var nodes: [Node]
    /// Child by parent << 8 | byte.
    private var edges = PairTable(capacity: 1 << 12)

    init() {
        nodes = [Node(parent: 0, byte: 0)]
        for byte in 0..<256 { nodes.append(Node(parent: 0, byte: UInt8(byte))) }
    }

    func parent(of node: Int32) -> Int { Int(nodes[Int(node)].parent) }

    /// Adds a token and returns its node; nil when there are too many.
    mutating func insert(_ arena: [UInt8], _ range: Range<Int>, _ id: Int32) -> Int32? {
        guard let first = range.first else { return nil }
        var node = Int(arena[first]) + 1
        for i in range.dropFirst() {
            let key = UInt64(node) << 8 | UInt64(arena[i])
            let child = edges.find(key)
            if child != PairTable.absent {
                node = Int(child)
                continue
            }
            guard nodes.count < Self.cellsMax else { return nil }
            let new = Int32(nodes.count)
            edges.insert(key, UInt64(new))
            nodes.append(Node(parent: Int32(node), byte: arena[i]))
            if nodes[node].lastChild == 0 {
                nodes[node].firstChild = new
            } else {
                nodes[Int(nodes[node].lastChild)].nextSibling = new
            }
            nodes[node].lastChild = new
            node = Int(new)
        }
        nodes[node].match = TokenTrie.Match(id: id, length: Int32(range.count))
        return Int32(node)
    }

    /// The longest token on the way to each node. Parents have smaller numbers than their children.
    func longestMatches() -> [TokenTrie.Match] {
        var matches = nodes.map(\.match)
        for node in nodes.indices where matches[node].id < 0 { matches[node] = matches[Int(nodes[node].parent)] }
        return matches
    }

    /// Places the nodes in a double array; nil when it would be too large.
    func placed() -> Placed? {
        var array = DoubleArray()
        var placed = Placed(
            cells: [], places: [UInt32](repeating: 0, count: nodes.count),
            starts: [UInt32](repeating: 0, count: 1 << 16))
        for node in nodes.indices where nodes[node].firstChild != 0 {
            let bytes = children(node).map { nodes[$0].byte }
            guard let base = array.base(for: bytes, triesMax: Self.triesMax), array.count <= Self.cellsMax else {
                return nil
            }
            // Children of single bytes are entered by `starts`: their parent is a place that no node has.
            let parent = node > 256 ? Int(placed.places[node]) : 0
            if node > 256 { array.setBase(base, at: parent) }
            for child in children(node) {
                let place = base ^ Int(nodes[child].byte)
                array.take(place, parent: parent)
                placed.places[child] = UInt32(place)
                if node <= 256 { placed.starts[(node - 1) << 8 | Int(nodes[child].byte)] = UInt32(place) }
            }
        }
        placed.cells = array.cells
        return placed
    }

    private func children(_ node: Int) -> [Int] {
        var all: [Int] = []
        var child = Int(nodes[node].firstChild)
        while child != 0 {
            all.append(child)
            child = Int(nodes[child].nextSibling)
        }
        return all
    }
}
