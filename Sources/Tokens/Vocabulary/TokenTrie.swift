/// Finds the longest token that a text goes on with.
///
///     starts:  node after two bytes, by those bytes          0 for none
///     slots:   node << 40 | byte << 32 | next node           a hash table, 0 for an empty slot
///     matches: longest token on the way to each node
///
/// The first two bytes take one look, so that a character of Chinese takes two.
struct TokenTrie: Sendable {
    struct Match: Sendable {
        /// -1 for none.
        var id: Int32
        /// In bytes.
        var length: Int32
    }

    /// Nodes are numbered with 24 bits.
    private static let nodesMax = 1 << 24
    private var starts = [UInt32](repeating: 0, count: 1 << 16)
    private var slots = [UInt64](repeating: 0, count: 1 << 12)
    private var mask = 1 << 12 - 1
    private var matches: [Match]
    /// Longest token that each token begins with, itself not counted.
    private var shorter: [Match]

    /// The tokens for which `isIncluded` says so; all single bytes are, or are looked for in vain. Nil for a vocabulary
    /// too large for this.
    init?(_ vocabulary: borrowing Vocabulary, isIncluded: (Int32) -> Bool) {
        let none = Match(id: -1, length: 0)
        // The root, and a node for each single byte.
        var parents = [UInt32](repeating: 0, count: 257)
        matches = [Match](repeating: none, count: 257)
        shorter = [Match](repeating: none, count: vocabulary.count)
        var ends: [(id: Int32, node: Int)] = []
        for id in 0..<Int32(vocabulary.count) where isIncluded(id) {
            let range = vocabulary.range(Int(id))
            guard let first = range.first else { continue }
            var node = Int(vocabulary.arena[first]) + 1
            for i in range.dropFirst() {
                let isStart = i == first + 1
                let pair = Int(vocabulary.arena[first]) << 8 | Int(vocabulary.arena[i])
                var next = isStart ? Int(starts[pair]) : find(node, vocabulary.arena[i])
                if next == 0 {
                    next = matches.count
                    guard next < Self.nodesMax else { return nil }
                    matches.append(none)
                    parents.append(UInt32(node))
                    if isStart { starts[pair] = UInt32(next) } else { insert(node, vocabulary.arena[i], next) }
                }
                node = next
            }
            matches[node] = Match(id: id, length: Int32(range.count))
            ends.append((id, node))
        }
        // Parents have smaller numbers than their children.
        for node in 257..<max(matches.count, 257) where matches[node].id < 0 {
            matches[node] = matches[Int(parents[node])]
        }
        for (id, node) in ends { shorter[Int(id)] = matches[Int(parents[node])] }
    }

    /// The longest token that `text[start..<end]` begins with, `start < end`.
    @inline(__always)
    func longest(_ text: [UInt8], _ start: Int, _ end: Int) -> Match {
        var node = Int(text[start]) + 1
        guard start + 1 < end else { return matches[node] }
        let second = Int(starts[Int(text[start]) << 8 | Int(text[start + 1])])
        if second == 0 { return matches[node] }
        node = second
        var i = start + 2
        while i < end {
            let next = find(node, text[i])
            if next == 0 { break }
            node = next
            i += 1
        }
        return matches[node]
    }

    /// The longest token that a token begins with, itself not counted.
    @inline(__always)
    func shorter(than id: Int32) -> Match { shorter[Int(id)] }

    @inline(__always)
    private func find(_ node: Int, _ byte: UInt8) -> Int {
        let key = UInt32(truncatingIfNeeded: node << 8 | Int(byte))
        var slot = Self.place(key) & mask
        while true {
            let stored = slots[slot]
            if UInt32(truncatingIfNeeded: stored >> 32) == key || stored == 0 { return Int(stored & 0xFFFF_FFFF) }
            slot = (slot + 1) & mask
        }
    }

    private mutating func insert(_ node: Int, _ byte: UInt8, _ next: Int) {
        if next * 2 > mask { grow() }
        let key = UInt32(truncatingIfNeeded: node << 8 | Int(byte))
        var slot = Self.place(key) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt64(key) << 32 | UInt64(next)
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        mask = slots.count - 1
        for stored in old where stored != 0 {
            var slot = Self.place(UInt32(stored >> 32)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = stored
        }
    }

    @inline(__always)
    private static func place(_ key: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }
}
