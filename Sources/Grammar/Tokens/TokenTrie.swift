/// A vocabulary's tokens as a tree of their bytes, made once for a model.
///
/// Nodes are in the order of a walk that visits a node before its children, and each says where the walk goes on when
/// its children are passed over, so that walking needs no stack of nodes.
///
///     tokens  a, ab, b      node     0   1   2   3
///                           byte     –   a   b   b
///                           end      4   3   3   4
public final class TokenTrie: Sendable {
    let nodes: [Node]
    let twins: [[Int32]]
    let depthMax: Int
    /// Each token's bytes; empty for those that spell nothing.
    public let spellings: [[UInt8]]
    /// Tokens that end a text.
    public let endTokens: [Int32]
    /// Words of a mask.
    let wordCount: Int

    struct Node {
        /// Where the walk goes on when the children are passed over.
        var end: Int32 = 0
        /// The token that ends here; -1 for none; below that, -2 - the place in `twins` of several that are the same.
        var token: Int32 = -1
        var depth: UInt16 = 0
        var byte: UInt8 = 0
    }

    /// Tokens longer than this are never chosen under a grammar.
    static let tokenBytesMax = 512

    /// - Parameters:
    ///   - tokens: the bytes of each token, by id; empty for tokens that no text is made of.
    ///   - endTokens: those that end an answer.
    public init(tokens spellings: [[UInt8]], endTokens: Set<Int32>) {
        self.spellings = spellings
        self.endTokens = endTokens.filter { $0 >= 0 && Int($0) < spellings.count }.sorted()
        wordCount = (spellings.count + 63) / 64
        let order = spellings.indices.filter {
            !spellings[$0].isEmpty && spellings[$0].count <= Self.tokenBytesMax && !endTokens.contains(Int32($0))
        }.sorted { Self.isOrdered(spellings[$0], spellings[$1]) }
        var builder = Builder()
        for token in order { builder.add(Int32(token), spellings[token]) }
        builder.finish()
        (nodes, twins) = (builder.nodes, builder.twins)
        depthMax = Int(builder.nodes.map(\.depth).max() ?? 0)
    }

    private static func isOrdered(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in left.lexicographicallyPrecedes(right) }
        }
    }

    private struct Builder {
        var nodes = [Node()]
        var twins: [[Int32]] = []
        /// The nodes of the token before, by depth.
        private var path: [Int32] = [0]

        /// - Precondition: tokens come in the order of their bytes.
        mutating func add(_ token: Int32, _ spelling: [UInt8]) {
            var common = 0
            while common < spelling.count, common + 1 < path.count,
                nodes[Int(path[common + 1])].byte == spelling[common]
            {
                common += 1
            }
            leave(to: common)
            for byte in spelling[common...] {
                path.append(Int32(nodes.count))
                nodes.append(Node(depth: UInt16(path.count - 1), byte: byte))
            }
            let node = Int(path[path.count - 1])
            switch nodes[node].token {
            case -1: nodes[node].token = token
            case ..<(-1): twins[Int(-2 - nodes[node].token)].append(token)
            case let other:
                nodes[node].token = Int32(-2 - twins.count)
                twins.append([other, token])
            }
        }

        private mutating func leave(to depth: Int) {
            while path.count > depth + 1 {
                nodes[Int(path.removeLast())].end = Int32(nodes.count)
            }
        }

        mutating func finish() {
            leave(to: 0)
            nodes[0].end = Int32(nodes.count)
        }
    }

    /// Whether longer tokens begin with what a node spells.
    func hasChildren(_ node: Int) -> Bool { Int(nodes[node].end) > node + 1 }
}
