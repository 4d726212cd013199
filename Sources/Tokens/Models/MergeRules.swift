/// What a merge of two neighbouring symbols would give.
///
/// A merge is one number, rank << 32 | id: of two possible merges the smaller is done first, at equal ranks the one
/// further left. `Merge.none` is larger than all.
protocol MergeRules {
    /// The merge of the symbols `left` = text[start..<middle] and `right` = text[middle..<end].
    func merge(_ left: Int32, _ right: Int32, _ text: [UInt8], _ start: Int, _ end: Int) -> UInt64
}

enum Merge {
    static let none = UInt64.max
}

/// The symbols of one piece while they are merged; kept between pieces to save allocations.
///
///     starts:  place of each symbol in the text, then the end of the piece
///     ids:     token of each symbol, or -1
///     merges:  the merge of symbol i with its right neighbour
struct MergeBuffer {
    var starts: [Int] = []
    var ids: [Int32] = []
    fileprivate var merges: [UInt64] = []
    fileprivate var previous: [Int32] = []
    fileprivate var next: [Int32] = []
    fileprivate var heap = MergeHeap()

    /// Pieces of more symbols go through a heap: n log n instead of n².
    private static let symbolsScannedMax = 48

    mutating func removeAll() {
        starts.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
    }

    /// Merges until no rule applies. Before: `starts` has one entry more than `ids`; after: likewise, fewer.
    @inline(__always)
    mutating func run(_ rules: some MergeRules, _ text: [UInt8]) {
        if ids.count < 2 { return }
        merges.removeAll(keepingCapacity: true)
        for i in 0..<ids.count - 1 { merges.append(rules.merge(ids[i], ids[i + 1], text, starts[i], starts[i + 2])) }
        if ids.count <= Self.symbolsScannedMax { scan(rules, text) } else { drain(rules, text) }
    }

    private mutating func scan(_ rules: some MergeRules, _ text: [UInt8]) {
        var count = ids.count
        while count > 1 {
            var best = Merge.none
            var place = 0
            for i in 0..<count - 1 where merges[i] >> 32 < best >> 32 {
                best = merges[i]
                place = i
            }
            if best == Merge.none { break }
            ids[place] = Int32(truncatingIfNeeded: best)
            count -= 1
            for i in place + 1..<count {
                ids[i] = ids[i + 1]
                starts[i] = starts[i + 1]
                merges[i - 1] = merges[i]
            }
            starts[count] = starts[count + 1]
            if place > 0 {
                merges[place - 1] = rules.merge(
                    ids[place - 1], ids[place], text, starts[place - 1], starts[place + 1])
            }
            if place + 1 < count {
                merges[place] = rules.merge(ids[place], ids[place + 1], text, starts[place], starts[place + 2])
            }
        }
        ids.removeSubrange(count...)
        starts.removeSubrange((count + 1)...)
    }

    /// The same through a heap of (rank, place) and a linked list of the symbols that are left. An entry whose rank is
    /// no longer that of its place is passed over.
    private mutating func drain(_ rules: some MergeRules, _ text: [UInt8]) {
        let count = ids.count
        previous = (0..<Int32(count)).map { $0 - 1 }
        next = (0..<Int32(count)).map { $0 + 1 }
        heap.fill(merges)
        while let (rank, place) = heap.pop() {
            guard merges[place] != Merge.none, merges[place] >> 32 == UInt64(rank) else { continue }
            let right = Int(next[place])
            ids[place] = Int32(truncatingIfNeeded: merges[place])
            let after = Int(next[right])
            next[place] = Int32(after)
            if right < merges.count { merges[right] = Merge.none }
            ids[right] = Self.gone
            if after < count {
                previous[after] = Int32(place)
                renew(place, rules, text)
            } else {
                merges[place] = Merge.none
            }
            if previous[place] >= 0 { renew(Int(previous[place]), rules, text) }
        }
        var kept = 0
        for i in 0..<count where ids[i] != Self.gone {
            ids[kept] = ids[i]
            starts[kept] = starts[i]
            kept += 1
        }
        starts[kept] = starts[count]
        ids.removeSubrange(kept...)
        starts.removeSubrange((kept + 1)...)
    }

    /// Looks up the merge of a symbol with its right neighbour again.
    @inline(__always)
    private mutating func renew(_ place: Int, _ rules: some MergeRules, _ text: [UInt8]) {
        let right = Int(next[place])
        let end = starts[Int(next[right])]
        let merge = rules.merge(ids[place], ids[right], text, starts[place], end)
        merges[place] = merge
        if merge != Merge.none { heap.push(merge & ~0xFFFF_FFFF | UInt64(place)) }
    }

    /// Marks a symbol that was merged into its left neighbour.
    private static let gone = Int32.min
}

/// A four-ary heap of numbers rank << 32 | place, smallest first.
private struct MergeHeap {
    private var entries: [UInt64] = []

    mutating func fill(_ merges: [UInt64]) {
        entries.removeAll(keepingCapacity: true)
        for (place, merge) in merges.enumerated() where merge != Merge.none {
            entries.append(merge & ~0xFFFF_FFFF | UInt64(place))
        }
        if entries.count > 1 {
            for i in stride(from: (entries.count - 2) / 4, through: 0, by: -1) { sink(i, entries[i]) }
        }
    }

    mutating func push(_ entry: UInt64) {
        entries.append(entry)
        var i = entries.count - 1
        while i > 0 {
            let parent = (i - 1) / 4
            if entries[parent] <= entry { break }
            entries[i] = entries[parent]
            i = parent
        }
        entries[i] = entry
    }

    mutating func pop() -> (rank: UInt32, place: Int)? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        if !entries.isEmpty { sink(0, last) }
        return (UInt32(first >> 32), Int(first & 0xFFFF_FFFF))
    }

    private mutating func sink(_ place: Int, _ entry: UInt64) {
        var i = place
        while true {
            let child = i * 4 + 1
            if child >= entries.count { break }
            var least = child
            for other in child + 1..<min(child + 4, entries.count) where entries[other] < entries[least] {
                least = other
            }
            if entry <= entries[least] { break }
            entries[i] = entries[least]
            i = least
        }
        entries[i] = entry
    }
}
