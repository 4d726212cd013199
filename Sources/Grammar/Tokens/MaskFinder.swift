/// Finds masks. Not thread-safe: `TokenMasks` has the lock.
struct MaskFinder {
    /// The tokens that stay inside a piece of stack, and the nodes at which it may end.
    private struct Entry {
        /// All words of the mask, or empty when `few` says it shorter.
        var words: [UInt64] = []
        var few: [Int32] = []
        /// Nodes with children at which the piece may have ended.
        var exits: [Int32] = []

        var byteCount: Int { words.count * 8 + few.count * 4 + exits.count * 4 + 64 }
    }

    private let automaton: Automaton
    private let trie: TokenTrie
    private let maskBytesMax: Int
    private var lazy: LazyAutomaton
    private var entries: [Stack: Entry] = [:]
    private var entryBytes = 0
    /// The configuration at each depth of a walk.
    private var path: [Int32]
    /// Tokens found by a walk.
    private var found: [Int32] = []
    private var stepsLeft = 0

    /// Fewer tokens than this are kept as a list.
    private static let fewMax = 1024
    /// Nodes that may be visited for one mask: many times what usual grammars need.
    private static let stepsMax = 50_000_000

    init(_ grammar: Grammar, _ trie: TokenTrie) {
        automaton = grammar.automaton
        maskBytesMax = grammar.limits.maskBytesMax
        self.trie = trie
        lazy = LazyAutomaton(automaton)
        path = Array(repeating: 0, count: trie.depthMax + 1)
    }

    mutating func mask(_ configuration: Configuration) -> [UInt64] {
        if lazy.isFull { lazy.clear() }
        stepsLeft = Self.stepsMax
        var words = [UInt64](repeating: 0, count: trie.wordCount)
        var rests: [Stack: Set<Int32>] = [:]
        for stack in configuration.stacks where !stack.isEmpty {
            let (rest, piece) = split(stack)
            let entry = self.entry(for: piece)
            Self.join(entry, into: &words)
            if !rest.isEmpty, !entry.exits.isEmpty { rests[rest, default: []].formUnion(entry.exits) }
        }
        goOn(rests, into: &words)
        if configuration.hasEnded { for token in trie.endTokens { Self.set(token, in: &words) } }
        return words
    }

    /// From the nodes where a piece ended, on in what is below it, and so on down the stack.
    private mutating func goOn(_ rests: [Stack: Set<Int32>], into words: inout [UInt64]) {
        var visited = rests
        var open = rests.map { (rest: $0.key, nodes: Array($0.value)) }
        while let (rest, nodes) = open.popLast(), stepsLeft > 0 {
            for stack in automaton.closed([rest]).stacks where !stack.isEmpty {
                let (below, piece) = split(stack)
                let start = lazy.id(of: Configuration(stacks: [piece]))
                guard start >= 0 else { continue }
                var exits: [Int32] = []
                found.removeAll(keepingCapacity: true)
                for node in nodes { walk(below: Int(node), from: start, &exits) }
                for token in found { Self.set(token, in: &words) }
                guard !below.isEmpty, !exits.isEmpty else { continue }
                let new = exits.filter { visited[below, default: []].insert($0).inserted }
                if !new.isEmpty { open.append((below, new)) }
            }
        }
    }

    // MARK: Pieces

    /// A stack's innermost rule and what is below. A rule that is counted comes with the states that count it and the
    /// rule that has the repetition in it: each time round it may end, and what then follows is asked together.
    private func split(_ stack: Stack) -> (rest: Stack, piece: Stack) {
        var base = stack.count - 1
        if base > 0, isCounting(stack[base - 1]) {
            base -= 1
            while base > 0, isCounting(stack[base]) { base -= 1 }
        }
        var piece = Stack(stack[base...])
        for place in piece.indices where isCounting(piece[place]) { piece[place].count = shortened(piece[place]) }
        return (Stack(stack[..<base]), piece)
    }

    private func isCounting(_ frame: Frame) -> Bool { automaton.states[Int(frame.state)].count >= 0 }

    /// A count that allows and forbids the same within any one token: each reading takes a byte at least.
    private func shortened(_ frame: Frame) -> Int32 {
        let count = automaton.counts[Int(automaton.states[Int(frame.state)].count)]
        let far = Int32(trie.depthMax + 2)
        if count.min - frame.count > far { return count.min - far }
        if frame.count >= count.min, count.max >= 0, count.max - frame.count > far {
            return max(count.min, count.max - far)
        }
        return frame.count
    }

    private mutating func entry(for piece: Stack) -> Entry {
        if let known = entries[piece] { return known }
        var entry = Entry()
        let start = lazy.id(of: Configuration(stacks: [piece]))
        found.removeAll(keepingCapacity: true)
        if start >= 0 { walk(below: 0, from: start, &entry.exits) }
        if found.count <= Self.fewMax {
            entry.few = found
        } else {
            entry.words = Array(repeating: 0, count: trie.wordCount)
            for token in found { Self.set(token, in: &entry.words) }
        }
        if entryBytes + entry.byteCount > maskBytesMax {
            entries.removeAll()
            entryBytes = 0
        }
        entries[piece] = entry
        entryBytes += entry.byteCount
        return entry
    }

    // MARK: Walks

    /// Visits what lies below a node as far as the configuration allows; fills `found`, and `exits` with nodes that
    /// have children and at which a stack of the configuration has ended.
    private mutating func walk(below root: Int, from start: Int32, _ exits: inout [Int32]) {
        path[Int(trie.nodes[root].depth)] = start
        var node = root + 1
        while let miss = walkOn(&node, until: Int(trie.nodes[root].end), &exits) {
            lazy.find(miss.id, miss.byte)
        }
    }

    /// Walks until the end, or until a step that is not known yet, which is returned.
    private mutating func walkOn(
        _ node: inout Int, until end: Int, _ exits: inout [Int32]
    ) -> (id: Int32, byte: UInt8)? {
        var place = node
        let first = place
        defer {
            node = place
            stepsLeft -= place - first
        }
        guard stepsLeft > 0 else { return nil }
        let width = lazy.classCount
        return trie.nodes.withUnsafeBufferPointer { nodes in
            lazy.classes.withUnsafeBufferPointer { classes in
                lazy.targets.withUnsafeBufferPointer { targets in
                    path.withUnsafeMutableBufferPointer { path in
                        while place < end {
                            let item = nodes[place]
                            let depth = Int(item.depth)
                            let from = path[depth - 1]
                            let to = targets[Int(from) * width + Int(classes[Int(item.byte)])]
                            if to < 0 {
                                if to == LazyAutomaton.unknown { return (from, item.byte) }
                                place = Int(item.end)
                                continue
                            }
                            path[depth] = to
                            if item.token >= 0 {
                                found.append(item.token)
                            } else if item.token < -1 {
                                found += trie.twins[Int(-2 - item.token)]
                            }
                            if Int(item.end) > place + 1, lazy.hasEnded[Int(to)] { exits.append(Int32(place)) }
                            place += 1
                        }
                        return nil
                    }
                }
            }
        }
    }

    private static func join(_ entry: Entry, into words: inout [UInt64]) {
        for place in entry.words.indices { words[place] |= entry.words[place] }
        for token in entry.few { set(token, in: &words) }
    }

    private static func set(_ token: Int32, in words: inout [UInt64]) {
        words[Int(token) / 64] |= 1 << UInt64(Int(token) % 64)
    }
}
