/// Byte-pair encoding by search: the sequence of tokens in which all neighbours stay apart (see `MergeTree`).
///
/// From the left, at each place the longest token that may follow the one before it; where none may, one step back.
/// Tokens that end at a place as part of an encoding are the same on every way there, so no place is left twice and the
/// time is linear in the text, as merging's is not.
struct TokenSearch: Sendable {
    private let tree: MergeTree
    private let trie: TokenTrie
    private let lengths: [Int32]

    /// Longer tokens than this are no one's vocabulary: the time for a byte is bounded by it.
    private static let tokenBytesMax = 1024

    /// Nil when rules or tokens are such that only merging is exact.
    init?(_ tree: MergeTree, _ vocabulary: borrowing Vocabulary) {
        guard tree.isOrderly, let trie = TokenTrie(vocabulary, isIncluded: { tree.isMade($0) }) else { return nil }
        var lengths: [Int32] = []
        lengths.reserveCapacity(vocabulary.count)
        for id in 0..<vocabulary.count {
            let length = vocabulary.range(id).count
            if length > Self.tokenBytesMax, tree.isMade(Int32(id)) { return nil }
            lengths.append(Int32(length))
        }
        self.tree = tree
        self.trie = trie
        self.lengths = lengths
    }

    /// Appends the tokens of a piece; false, and nothing appended, when one of its bytes has no token.
    @inline(__always)
    func encode(
        _ text: [UInt8], _ start: Int, _ end: Int, _ pairs: PairTable, _ memory: inout Memory,
        into output: inout [Int32]
    ) -> Bool {
        let match = trie.longest(text, start, end)
        guard Int(match.length) == end - start else {
            return search(text, start, end, match, pairs, &memory, into: &output)
        }
        output.append(match.id)
        return true
    }

    private func search(
        _ text: [UInt8], _ start: Int, _ end: Int, _ first: TokenTrie.Match, _ pairs: PairTable,
        _ memory: inout Memory, into output: inout [Int32]
    ) -> Bool {
        let base = output.count
        var place = start
        var match = first
        memory.begin()
        while match.id >= 0 {
            var previous = output.count > base ? output[output.count - 1] : -1
            while !fits(match, place - start, after: previous, pairs, &memory) {
                match = trie.shorter(than: match.id)
                while match.id < 0 {
                    // Nothing fits here: one step back, to what is shorter there.
                    guard output.count > base else { return false }
                    memory.markDeadEnd(place - start, of: end - start)
                    output.removeLast()
                    place -= Int(lengths[Int(previous)])
                    match = trie.shorter(than: previous)
                    previous = output.count > base ? output[output.count - 1] : -1
                }
            }
            output.append(match.id)
            place += Int(match.length)
            if place == end { return true }
            match = trie.longest(text, place, end)
        }
        // No token begins with the next byte.
        output.removeSubrange(base...)
        return false
    }

    @inline(__always)
    private func fits(
        _ match: TokenTrie.Match, _ place: Int, after previous: Int32, _ pairs: PairTable, _ memory: inout Memory
    ) -> Bool {
        if memory.isDeadEnd(place + Int(match.length)) { return false }
        if previous < 0 { return true }
        return memory.answer(PairTable.key(previous, match.id)) { tree.areApart(previous, match.id, pairs) }
    }
}
