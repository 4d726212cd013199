/// Byte-pair training: the most frequent pair becomes a token, over and over, until there are enough.
///
/// Every count is exact whenever it decides something, so the merges are those of the definition: count all pairs of
/// neighbours, take the most frequent (of equals the smallest ids), replace it from left to right, count again.
struct MergeTraining {
    private(set) var words: TrainingWords
    private let settings: TokenizerTrainingSettings
    /// Bytes of each id's token; empty for control tokens.
    private(set) var tokens: [[UInt8]]
    private(set) var merges: [BytePairVocabulary.Merge] = []
    /// Ids before the first merge.
    private let firstMade: Int
    private var ids: [[UInt8]: UInt32] = [:]

    private var census = PairCensus()
    private var index = PairIndex()
    private var heap = PairHeap()
    /// No pair without a place in the index occurs more often than this.
    private var ceiling = Int.max
    private var before = NeighbourCounts()
    private var after = NeighbourCounts()

    /// - Parameter tokens: control tokens (empty) and single bytes, by id.
    init(_ words: TrainingWords, tokens: [[UInt8]], settings: TokenizerTrainingSettings) {
        self.words = words
        self.tokens = tokens
        self.settings = settings
        firstMade = tokens.count
        for (id, bytes) in tokens.enumerated() where !bytes.isEmpty { ids[bytes] = UInt32(id) }
    }

    /// Goes on with other words, whose symbols are tokens that there are; returns those at hand.
    mutating func exchange(_ others: TrainingWords) -> TrainingWords {
        let old = words
        words = others
        index = PairIndex()
        heap.removeAll()
        ceiling = Int.max
        return old
    }

    /// Merges until there are `size` tokens or no pair occurs `countMin` times.
    ///
    /// - Parameter progress: called now and then with merges found and wanted; what it throws ends the training.
    mutating func run(to size: Int, countMin: Int = 1, progress: (Int, Int) throws -> Void) throws {
        while tokens.count < size, let top = next() {
            guard top.count >= countMin else { return heap.push(top) }
            merge(top)
            if tokens.count % 64 == 0 { try progress(tokens.count - firstMade, settings.vocabularySize - firstMade) }
        }
    }

    /// How often the pair occurs that would be merged next; 0 when there is none.
    mutating func nextCount() -> Int {
        guard let top = next() else { return 0 }
        heap.push(top)
        return top.count
    }

    // MARK: Choosing

    private mutating func next() -> PairHeap.Entry? {
        while true {
            if let top = highest() { return top }
            guard takeCensus() else { return nil }
        }
    }

    /// The most frequent pair of all, or nil when a pair below the waterline might be.
    private mutating func highest() -> PairHeap.Entry? {
        while let entry = heap.pop() {
            let place = index.find(entry.key)
            let count = place < 0 ? 0 : index.counts[place]
            if count == entry.count, count > ceiling { return entry }
            if count > ceiling { heap.push(PairHeap.Entry(count: count, key: entry.key)) }
        }
        return nil
    }

    /// Counts all pairs again; false when none is left to merge.
    private mutating func takeCensus() -> Bool {
        let bytesMax = settings.tokenBytesMax
        let sizes = tokens.map(\.count)
        index = census.take(words, countMin: settings.pairCountMin) { sizes[Int($0)] + sizes[Int($1)] <= bytesMax }
        heap.removeAll()
        index.forEachPair { key, place in
            if index.counts[place] > 0 { heap.push(PairHeap.Entry(count: index.counts[place], key: key)) }
        }
        ceiling = census.waterline - 1
        return !index.counts.isEmpty
    }

    // MARK: Merging

    private mutating func merge(_ pair: PairHeap.Entry) {
        let left = UInt32(truncatingIfNeeded: pair.key >> 32)
        let right = UInt32(truncatingIfNeeded: pair.key)
        let bytes = tokens[Int(left)] + tokens[Int(right)]
        // Two pairs may spell the same token.
        let known = ids[bytes]
        let made = known ?? UInt32(tokens.count)
        if known == nil {
            ids[bytes] = made
            tokens.append(bytes)
        }
        let rule = BytePairVocabulary.Merge(Int32(left), Int32(right))
        if known == nil || !merges.contains(rule) { merges.append(rule) }
        before.reserve(symbols: tokens.count)
        after.reserve(symbols: tokens.count)
        let place = index.find(pair.key)
        let rows = index.words[place]
        index.clear(place)
        for word in rows { replace(left, right, with: made, in: word) }
        count(before, beside: made, isBefore: true, isFresh: known == nil)
        count(after, beside: made, isBefore: false, isFresh: known == nil)
        before.clear()
        after.clear()
    }

    /// Replaces the pair in one word from left to right, and keeps account of the pairs that go and come.
    private mutating func replace(_ left: UInt32, _ right: UInt32, with made: UInt32, in word: UInt32) {
        let start = words.starts[Int(word)]
        let end = start + Int(words.lengths[Int(word)])
        var i = start
        while i + 1 < end, words.symbols[i] != left || words.symbols[i + 1] != right { i += 1 }
        guard i + 1 < end else { return }
        let times = words.counts[Int(word)]
        var output = i
        var mergedLast = false
        while i < end {
            guard i + 1 < end, words.symbols[i] == left, words.symbols[i + 1] == right else {
                words.symbols[output] = words.symbols[i]
                output += 1
                i += 1
                mergedLast = false
                continue
            }
            if mergedLast {
                after.remove(left, times)
                before.add(made, times, word)
            } else if output > start {
                let previous = words.symbols[output - 1]
                decrease(PairIndex.key(previous, left), times)
                before.add(previous, times, word)
            }
            if i + 2 < end {
                let next = words.symbols[i + 2]
                decrease(PairIndex.key(right, next), times)
                after.add(next, times, word)
            }
            words.symbols[output] = made
            output += 1
            i += 2
            mergedLast = true
        }
        words.lengths[Int(word)] = UInt32(output - start)
    }

    @inline(__always)
    private mutating func decrease(_ key: UInt64, _ times: Int) {
        let place = index.find(key)
        if place >= 0, index.counts[place] > 0 { index.counts[place] = max(0, index.counts[place] - times) }
    }

    /// Enters the new pairs of one side.
    ///
    /// - Parameter isFresh: whether the token did not exist before, and none of its pairs.
    private mutating func count(_ neighbours: NeighbourCounts, beside made: UInt32, isBefore: Bool, isFresh: Bool) {
        func key(_ symbol: UInt32) -> UInt64 {
            isBefore ? PairIndex.key(symbol, made) : PairIndex.key(made, symbol)
        }
        let room = settings.tokenBytesMax - tokens[Int(made)].count
        var isListed = false
        for symbol in neighbours.touched where tokens[Int(symbol)].count <= room {
            let gain = neighbours.count(symbol)
            guard gain > 0 else { continue }
            isListed = enter(key(symbol), gain, isFresh) || isListed
        }
        guard isListed else { return }
        neighbours.forEachEvent { symbol, word in
            let place = index.find(key(symbol))
            if place >= 0, index.counts[place] > 0, index.words[place].last != word { index.words[place].append(word) }
        }
    }

    /// Adds to a pair's count; false when it stays below the waterline.
    private mutating func enter(_ key: UInt64, _ gain: Int, _ isFresh: Bool) -> Bool {
        let known = index.find(key)
        let isCounted = known >= 0 && index.counts[known] > 0
        guard isCounted || (isFresh && gain >= census.waterline) else {
            let bound = census.add(gain, to: key)
            if !isFresh, bound >= census.waterline { ceiling = max(ceiling, bound) }
            return false
        }
        let place = isCounted ? known : index.insert(key)
        index.counts[place] += gain
        heap.push(PairHeap.Entry(count: index.counts[place], key: key))
        return true
    }
}
