extension PrefixTree {
    /// Takes the `count` least recently used pages out of the tree, leaves before what they follow.
    ///
    /// - Precondition: `count <= unusedPages`
    package mutating func evict(_ count: Int) -> [Int32] {
        precondition(count <= unusedPages, "\(count) pages of \(unusedPages)")
        var leaves: [(usedAt: UInt64, id: NodeID)] = nodes.indices.compactMap { id in
            guard let node = nodes[id], node.parent != nil, node.users == 0, node.children.isEmpty else { return nil }
            return (node.usedAt, id)
        }
        leaves.sort { ($0.usedAt, $0.id) > ($1.usedAt, $1.id) }
        var freed: [Int32] = []
        while freed.count < count, let oldest = leaves.popLast() {
            let parent = self[oldest.id].parent
            freed.append(remove(oldest.id))
            guard let parent, let node = nodes[parent], node.parent != nil, node.users == 0, node.children.isEmpty
            else { continue }
            let place = leaves.firstIndex { ($0.usedAt, $0.id) < (node.usedAt, parent) } ?? leaves.count
            leaves.insert((node.usedAt, parent), at: place)
        }
        return freed
    }
}
