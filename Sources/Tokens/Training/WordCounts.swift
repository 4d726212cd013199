/// How often each piece of text occurs.
///
///     arena:   t h e 你 好 …        bytes of words, one after another
///     starts:  0 3 9 …              word w is arena[starts[w] ..< starts[w + 1]]
///     counts:  n of word w          64 bits
///     slots:   word + 1, or 0       open addressing by hash, at most half full
struct WordCounts: Sendable {
    private(set) var arena: [UInt8] = []
    private(set) var starts: [Int] = [0]
    private(set) var counts: [Int] = []
    private var hashes: [UInt32] = []
    private var slots = [UInt32](repeating: 0, count: 1 << 12)
    private let seed = ByteHash.seed

    var count: Int { counts.count }

    /// Adds all words of another count, and returns their numbers here.
    mutating func add(_ other: WordCounts) -> [UInt32] {
        (0..<other.count).map {
            UInt32(add(other.arena, other.starts[$0], other.starts[$0 + 1], times: other.counts[$0]))
        }
    }

    /// Counts `text[start..<end]` and returns the word's number.
    @inline(__always)
    @discardableResult
    mutating func add(_ text: [UInt8], _ start: Int, _ end: Int, times: Int) -> Int {
        let hash = UInt32(truncatingIfNeeded: ByteHash.hash(text, start, end, seed: seed))
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let word = Int(slots[slot]) - 1
            if hashes[word] == hash, isEqual(word, text, start, end) {
                counts[word] += times
                return word
            }
            slot = (slot + 1) & mask
        }
        append(text, start, end, times, hash, slot)
        return counts.count - 1
    }

    private mutating func append(
        _ text: [UInt8], _ start: Int, _ end: Int, _ times: Int, _ hash: UInt32, _ slot: Int
    ) {
        arena.append(contentsOf: text[start..<end])
        starts.append(arena.count)
        counts.append(times)
        hashes.append(hash)
        slots[slot] = UInt32(counts.count)
        if counts.count * 2 > slots.count { grow() }
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (word, hash) in hashes.enumerated() {
            var slot = Int(hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(word + 1)
        }
    }

    @inline(__always)
    private func isEqual(_ word: Int, _ text: [UInt8], _ start: Int, _ end: Int) -> Bool {
        var j = starts[word]
        guard starts[word + 1] - j == end - start else { return false }
        for i in start..<end {
            if text[i] != arena[j] { return false }
            j += 1
        }
        return true
    }
}
