/// Counts all pairs of all words, and finds those that occur often.
///
/// Most pairs are rare and will never be merged. Only pairs at or above a waterline get a count and a list of words;
/// all others share counters, several pairs to one, which say how often a pair occurs at most. When the merges have
/// used up what is above the waterline, another census lowers it. Memory is bounded by the text that way, and the
/// tables that every merge touches stay small.
struct PairCensus: Sendable {
    /// The waterline is the highest count divided by this.
    private static let depth = 8

    /// Shared counters: never less than how often a pair below the waterline occurs.
    private(set) var bounds = [Int](repeating: 0, count: 1 << 20)
    private(set) var waterline = 0

    @inline(__always)
    private static func bucket(_ key: UInt64) -> Int { Int(truncatingIfNeeded: ByteHash.mix(key)) & (1 << 20 - 1) }

    /// Adds to the bound of a pair below the waterline and returns it.
    mutating func add(_ count: Int, to key: UInt64) -> Int {
        bounds[Self.bucket(key)] += count
        return bounds[Self.bucket(key)]
    }

    /// The frequent pairs of `words`; empty when none occurs `countMin` times.
    ///
    /// - Parameter isAllowed: whether a pair may become a token.
    mutating func take(_ words: TrainingWords, countMin: Int, isAllowed: (UInt32, UInt32) -> Bool) -> PairIndex {
        for i in bounds.indices { bounds[i] = 0 }
        Self.forEachPair(words) { left, right, word in
            if isAllowed(left, right) {
                bounds[Self.bucket(PairIndex.key(left, right))] += words.counts[word]
            }
        }
        var highest = bounds.max() ?? 0
        while highest >= countMin {
            waterline = max(countMin, highest / Self.depth)
            let index = frequent(words, isAllowed)
            if index.counts.contains(where: { $0 > 0 }) { return index }
            highest = min(highest / Self.depth, waterline - 1)
        }
        return PairIndex()
    }

    private func frequent(_ words: TrainingWords, _ isAllowed: (UInt32, UInt32) -> Bool) -> PairIndex {
        var index = PairIndex()
        Self.forEachPair(words) { left, right, word in
            let key = PairIndex.key(left, right)
            if bounds[Self.bucket(key)] >= waterline, isAllowed(left, right) {
                index.counts[index.insert(key)] += words.counts[word]
            }
        }
        for place in index.counts.indices where index.counts[place] < waterline { index.counts[place] = 0 }
        Self.forEachPair(words) { left, right, word in
            let key = PairIndex.key(left, right)
            guard bounds[Self.bucket(key)] >= waterline else { return }
            let place = index.find(key)
            if place >= 0, index.counts[place] > 0, index.words[place].last != UInt32(word) {
                index.words[place].append(UInt32(word))
            }
        }
        return index
    }

    @inline(__always)
    private static func forEachPair(_ words: TrainingWords, _ body: (UInt32, UInt32, Int) -> Void) {
        for word in 0..<words.count {
            let start = words.starts[word]
            let end = start + Int(words.lengths[word])
            var i = start + 1
            while i < end {
                body(words.symbols[i - 1], words.symbols[i], word)
                i += 1
            }
        }
    }
}
