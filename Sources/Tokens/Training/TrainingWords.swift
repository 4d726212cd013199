/// The different words of a text as rows of symbols, which merging shortens in place.
///
///     symbols:  | a b c . | d e | …     word w has symbols[starts[w] ..< starts[w] + lengths[w]]
///
/// A symbol is the id of a token. Words of one byte are left out: there is nothing to merge in them.
struct TrainingWords: Sendable {
    var symbols: [UInt32]
    var lengths: [UInt32]
    let starts: [Int]
    let counts: [Int]

    init(_ words: WordCounts, firstByteID: [UInt32]) {
        var symbols: [UInt32] = []
        var starts: [Int] = []
        var lengths: [UInt32] = []
        var counts: [Int] = []
        symbols.reserveCapacity(words.arena.count)
        for word in 0..<words.count where words.starts[word + 1] - words.starts[word] > 1 {
            starts.append(symbols.count)
            counts.append(words.counts[word])
            for i in words.starts[word]..<words.starts[word + 1] { symbols.append(firstByteID[Int(words.arena[i])]) }
            lengths.append(UInt32(symbols.count - starts[starts.count - 1]))
        }
        (self.symbols, self.starts, self.lengths, self.counts) = (symbols, starts, lengths, counts)
    }

    var count: Int { counts.count }
}
