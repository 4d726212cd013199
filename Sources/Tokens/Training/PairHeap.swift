/// Pairs by how often they occur, the most frequent first; of equals the one with the smaller left id, then right id,
/// as Hugging Face's trainer has it.
///
/// Counts that change later are not looked for in here: an entry is compared with the count of the day when it comes
/// out.
struct PairHeap: Sendable {
    struct Entry: Sendable {
        let count: Int
        let key: UInt64

        @inline(__always)
        func goesBefore(_ other: Entry) -> Bool {
            count != other.count ? count > other.count : key < other.key
        }
    }

    private var entries: [Entry] = []

    mutating func push(_ entry: Entry) {
        var hole = entries.count
        entries.append(entry)
        while hole > 0 {
            let parent = (hole - 1) / 2
            if !entry.goesBefore(entries[parent]) { break }
            entries[hole] = entries[parent]
            hole = parent
        }
        entries[hole] = entry
    }

    mutating func pop() -> Entry? {
        guard let top = entries.first, let last = entries.popLast() else { return nil }
        if entries.isEmpty { return top }
        var hole = 0
        while true {
            var child = hole * 2 + 1
            if child >= entries.count { break }
            if child + 1 < entries.count, entries[child + 1].goesBefore(entries[child]) { child += 1 }
            if !entries[child].goesBefore(last) { break }
            entries[hole] = entries[child]
            hole = child
        }
        entries[hole] = last
        return top
    }

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }
}
