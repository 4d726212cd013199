/// Finds the longest token that a text goes on with.
///
/// A double array: the cell of a node says where its children would be, each child's cell whose child it is.
///
///     cells:   parent's place << 32 | base       the child for a byte is at base ^ byte, if its parent is this node
///     matches: longest token on the way to each cell
///     starts:  place after two bytes, by those bytes; 0 for none
///
/// The common tokens come first in vocabularies and here, so that the cells of most steps lie close together.
struct TokenTrie: Sendable {
    struct Match: Sendable {
        /// -1 for none.
        var id: Int32
        /// In bytes.
        var length: Int32

        static let none = Match(id: -1, length: 0)
    }

    private let cells: [UInt64]
    private let matches: [Match]
    private let starts: [UInt32]
    private let singles: [Match]
    /// Longest token that each token begins with, itself not counted.
    private let shorter: [Match]

    /// A trie of the tokens for which `isIncluded` says so. Nil for a vocabulary too large for this.
    init?(_ vocabulary: borrowing Vocabulary, isIncluded: (Int32) -> Bool) {
        var nodes = TokenTrieNodes()
        var ends = [Int32](repeating: -1, count: vocabulary.count)
        for id in 0..<Int32(vocabulary.count) where isIncluded(id) {
            guard let end = nodes.insert(vocabulary.arena, vocabulary.range(Int(id)), id) else { return nil }
            ends[Int(id)] = end
        }
        guard let placed = nodes.placed() else { return nil }
        cells = placed.cells
        starts = placed.starts
        let longest = nodes.longestMatches()
        var matches = [Match](repeating: .none, count: cells.count)
        for (node, place) in placed.places.enumerated() { matches[Int(place)] = longest[node] }
        self.matches = matches
        singles = (0..<256).map { longest[$0 + 1] }
        shorter = ends.map { $0 < 0 ? .none : longest[nodes.parent(of: $0)] }
    }

    /// The longest token that `text[start..<end]` begins with, `start < end`.
    @inline(__always)
    func longest(_ text: [UInt8], _ start: Int, _ end: Int) -> Match {
        let first = Int(text[start])
        guard start + 1 < end else { return singles[first] }
        var place = Int(starts[first << 8 | Int(text[start + 1])])
        if place == 0 { return singles[first] }
        var cell = cells[place]
        var i = start + 2
        while i < end {
            let next = Int(truncatingIfNeeded: cell & 0xFFFF_FFFF) ^ Int(text[i])
            let child = cells[next]
            if Int(truncatingIfNeeded: child >> 32) != place { break }
            cell = child
            place = next
            i += 1
        }
        return matches[place]
    }

    /// The longest token that a token begins with, itself not counted.
    @inline(__always)
    func shorter(than id: Int32) -> Match { shorter[Int(id)] }
}
