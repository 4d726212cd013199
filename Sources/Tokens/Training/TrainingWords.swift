/// The different words of a text as rows of symbols, which merging shortens in place.
///
///     symbols:  | a b c . | d e | …     word w has symbols[starts[w] ..< starts[w] + lengths[w]]
///
/// A symbol is the id of a token. Rows have the order of the words that they are made of.
struct TrainingWords: Sendable {
    var symbols: [UInt32] = []
    var lengths: [UInt32] = []
    private(set) var starts: [Int] = []
    private(set) var counts: [Int]

    /// Words of bytes.
    init(_ words: WordCounts, firstByteID: [UInt32]) {
        counts = words.counts
        reserve(words, symbols: words.arena.count)
        for word in 0..<words.count {
            begin(words.starts[word + 1] - words.starts[word])
            for i in words.starts[word]..<words.starts[word + 1] { symbols.append(firstByteID[Int(words.arena[i])]) }
        }
    }

    /// Words of tokens, each of four bytes, the lowest first (`PhraseCounts`).
    init(phrases: WordCounts) {
        counts = phrases.counts
        reserve(phrases, symbols: phrases.arena.count / 4)
        for word in 0..<phrases.count {
            begin((phrases.starts[word + 1] - phrases.starts[word]) / 4)
            for i in stride(from: phrases.starts[word], to: phrases.starts[word + 1], by: 4) {
                symbols.append((0..<4).reduce(0) { $0 | UInt32(phrases.arena[i + $1]) << UInt32($1 * 8) })
            }
        }
    }

    var count: Int { counts.count }

    /// The token that a word has become, if it is one.
    func token(_ word: UInt32) -> UInt32? { lengths[Int(word)] == 1 ? symbols[starts[Int(word)]] : nil }

    private mutating func reserve(_ words: WordCounts, symbols count: Int) {
        symbols.reserveCapacity(count)
        lengths.reserveCapacity(words.count)
        starts.reserveCapacity(words.count)
    }

    private mutating func begin(_ length: Int) {
        starts.append(symbols.count)
        lengths.append(UInt32(length))
    }
}
