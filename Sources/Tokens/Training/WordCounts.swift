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

    /// Counts the pieces of `text[range]`. A piece longer than `pieceBytesMax` counts as several.
    mutating func add(_ text: [UInt8], _ range: Range<Int>, pieceBytesMax: Int) {
        TrainingPattern.preTokenizer.forEachPiece(text, range.lowerBound, range.upperBound) { start, end in
            var start = start
            while end - start > pieceBytesMax {
                var cut = start + pieceBytesMax
                while text[cut] & 0xC0 == 0x80 { cut -= 1 }
                add(text, start, cut, times: 1)
                start = cut
            }
            add(text, start, end, times: 1)
        }
    }

    /// Adds all words of another count.
    mutating func add(_ other: WordCounts) {
        for word in 0..<other.count {
            add(other.arena, other.starts[word], other.starts[word + 1], times: other.counts[word])
        }
    }

    @inline(__always)
    private mutating func add(_ text: [UInt8], _ start: Int, _ end: Int, times: Int) {
        let hash = UInt32(truncatingIfNeeded: ByteHash.hash(text, start, end, seed: seed))
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let word = Int(slots[slot]) - 1
            if hashes[word] == hash, isEqual(word, text, start, end) {
                counts[word] += times
                return
            }
            slot = (slot + 1) & mask
        }
        append(text, start, end, times, hash, slot)
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
