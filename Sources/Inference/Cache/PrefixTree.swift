import Kernels

/// Which tokens the pages of the cache hold: a tree for each owner, a page a node.
///
///     owner "a" ── [32 tokens] page 4 ── [32 tokens] page 7 ── [9 tokens] page 2
///                              └───────── [32 tokens] page 5 (being computed)
///
/// A node is a full page of tokens that follow its ancestors' tokens, or a leaf with fewer: the end of a prompt, into
/// whose page the answer is written, or of a sequence that has ended.
/// A node with users is in the page table of so many sequences, and so are its ancestors. A node without users is
/// ready and stays until memory is needed. Nodes that are being computed are in the tree too: whoever needs
/// the same tokens waits for them.
package struct PrefixTree: Sendable {
    package typealias NodeID = Int

    package enum State: Sendable, Equatable {
        /// Keys and values are there.
        case ready
        /// A sequence computes them. To `ready`, or to `abandoned` when that sequence is gone.
        case computing(SequenceID)
        /// Nobody computes them, but somebody waits for them and will: to `computing`.
        case abandoned
    }

    package struct Node: Sendable {
        /// nil for a root, which has no tokens and no page.
        package var parent: NodeID?
        var owner: String
        package var tokens: [Int32]
        package var page: Int32
        package var state: State
        package var users: Int
        package var children: [[Int32]: NodeID] = [:]
        /// When it was last in use, in ticks; ancestors never less than descendants.
        var usedAt: UInt64
    }

    var nodes: [Node?] = []
    private var freeIDs: [NodeID] = []
    private var roots: [String: NodeID] = [:]
    private var tick: UInt64 = 0
    /// Nodes without users: their pages can be had.
    package private(set) var unusedPages = 0
    package private(set) var pages = 0

    static let pageTokens = KVStorage.pageTokens

    package init() {}

    package subscript(id: NodeID) -> Node {
        guard let node = nodes[id] else { preconditionFailure("node \(id) is gone") }
        return node
    }

    package func root(of owner: String) -> NodeID? { roots[owner] }

    /// The longest chain of full pages that `tokens` begins with, `pagesMax` at most, computed already or not yet.
    package func match(_ tokens: [Int32], pagesMax: Int, owner: String) -> [NodeID] {
        guard var current = roots[owner] else { return [] }
        var path: [NodeID] = []
        while path.count < pagesMax {
            let start = path.count * Self.pageTokens
            guard let next = self[current].children[Array(tokens[start..<start + Self.pageTokens])] else { break }
            path.append(next)
            current = next
        }
        return path
    }

    /// One more user of every node of a path.
    package mutating func acquire(_ path: [NodeID]) {
        tick += 1
        for id in path {
            if self[id].users == 0 { unusedPages -= 1 }
            nodes[id]?.users += 1
            nodes[id]?.usedAt = tick
        }
    }

    /// One user less of every node of a path. What `sequence` was computing there is abandoned.
    ///
    /// - Returns: pages of nodes that are removed because nobody computes or awaits them.
    package mutating func release(_ path: [NodeID], by sequence: SequenceID) -> [Int32] {
        tick += 1
        var freed: [Int32] = []
        for id in path.reversed() {
            nodes[id]?.users -= 1
            nodes[id]?.usedAt = tick
            if self[id].state == .computing(sequence) { nodes[id]?.state = .abandoned }
            guard self[id].users == 0 else { continue }
            unusedPages += 1
            if self[id].state != .ready { freed.append(remove(id)) }
        }
        return freed
    }

    /// Notes that a page was copied from.
    mutating func touch(_ id: NodeID) { nodes[id]?.usedAt = tick }

    /// A new node that `sequence` uses and will compute; nil when there is one with these tokens.
    ///
    /// - Parameter parent: nil for the owner's root.
    package mutating func insert(
        _ tokens: [Int32], page: Int32, under parent: NodeID?, owner: String, computing sequence: SequenceID
    ) -> NodeID? {
        let parent = parent ?? rootForInserting(owner)
        guard self[parent].children[tokens] == nil else { return nil }
        let node = Node(
            parent: parent, owner: owner, tokens: tokens, page: page, state: .computing(sequence), users: 1,
            usedAt: tick)
        return add(node, to: parent)
    }

    package mutating func claim(_ id: NodeID, by sequence: SequenceID) {
        precondition(self[id].state == .abandoned, "node \(id) is \(self[id].state)")
        nodes[id]?.state = .computing(sequence)
    }

    package mutating func markReady(_ id: NodeID) { nodes[id]?.state = .ready }

    /// What became of a page that was offered to the tree.
    package enum Adoption: Equatable {
        /// It is the page of this node now.
        case adopted(NodeID)
        /// This node has the same tokens already, computed.
        case known(NodeID)
        /// Its tokens are being computed elsewhere, or are the beginning of another node's.
        case refused
    }

    /// Offers a computed page: up to 32 tokens that follow `parent`.
    ///
    /// - Returns: with the outcome, pages of shorter leaves that the new node makes useless.
    package mutating func adopt(
        _ tokens: [Int32], page: Int32, under parent: NodeID?, owner: String
    ) -> (Adoption, freed: [Int32]) {
        let parent = parent ?? rootForInserting(owner)
        if let other = other(than: nil, under: parent, with: tokens) { return (other, []) }
        let freed = removeBeginnings(of: tokens, under: parent)
        unusedPages += 1
        let node = Node(parent: parent, owner: owner, tokens: tokens, page: page, state: .ready, users: 0, usedAt: tick)
        return (.adopted(add(node, to: parent)), freed)
    }

    /// Offers more tokens, computed since, for the page of a leaf that is ready: its own and what follows them.
    package mutating func extend(_ id: NodeID, to tokens: [Int32]) -> (Adoption, freed: [Int32]) {
        guard let parent = self[id].parent else { preconditionFailure("a root has no page") }
        if let other = other(than: id, under: parent, with: tokens) { return (other, []) }
        let former = self[id].tokens
        nodes[parent]?.children[former] = nil
        let freed = removeBeginnings(of: tokens, under: parent)
        nodes[id]?.tokens = tokens
        nodes[parent]?.children[tokens] = id
        return (.adopted(id), freed)
    }

    /// The node that makes another one with these tokens needless.
    private func other(than own: NodeID?, under parent: NodeID, with tokens: [Int32]) -> Adoption? {
        if let known = self[parent].children[tokens], known != own {
            return self[known].state == .ready ? .known(known) : .refused
        }
        guard tokens.count < Self.pageTokens else { return nil }
        let isBeginning = self[parent].children.contains { $1 != own && $0.starts(with: tokens) }
        return isBeginning ? .refused : nil
    }

    /// Removes unused leaves whose tokens are the first of `tokens`.
    private mutating func removeBeginnings(of tokens: [Int32], under parent: NodeID) -> [Int32] {
        var freed: [Int32] = []
        for (other, id) in self[parent].children
        where other.count < tokens.count && tokens.starts(with: other) && self[id].users == 0 {
            freed.append(remove(id, keepingRoot: true))
        }
        return freed
    }

    private mutating func rootForInserting(_ owner: String) -> NodeID {
        if let root = roots[owner] { return root }
        let root = Node(parent: nil, owner: owner, tokens: [], page: -1, state: .ready, users: 0, usedAt: 0)
        let id = store(root)
        roots[owner] = id
        return id
    }

    private mutating func add(_ node: Node, to parent: NodeID) -> NodeID {
        let id = store(node)
        nodes[parent]?.children[node.tokens] = id
        pages += 1
        return id
    }

    private mutating func store(_ node: Node) -> NodeID {
        if let id = freeIDs.popLast() {
            nodes[id] = node
            return id
        }
        nodes.append(node)
        return nodes.count - 1
    }

    /// Takes an unused leaf out, and its root when that was the last node below it.
    ///
    /// - Returns: its page.
    mutating func remove(_ id: NodeID, keepingRoot: Bool = false) -> Int32 {
        let node = self[id]
        precondition(node.users == 0 && node.children.isEmpty, "node \(id) is in use")
        nodes[id] = nil
        freeIDs.append(id)
        unusedPages -= 1
        pages -= 1
        if let parent = node.parent {
            nodes[parent]?.children[node.tokens] = nil
            if !keepingRoot, self[parent].parent == nil, self[parent].children.isEmpty {
                nodes[parent] = nil
                freeIDs.append(parent)
                roots[node.owner] = nil
            }
        }
        return node.page
    }
}
