import Foundation

/// Words and their log probabilities in a double-array trie.
///
/// A node's child by sign code `c` is at `node.base + c`, if that cell's `check` is the node:
///
///     cells: … | base check score | …     16 bytes a cell; score is NaN where no word ends
///
/// One read of memory a step, which a dictionary of 350,000 words cannot have by hashing whole words, nor by searching
/// sorted children (tried on paper: 2-4 dependent reads).
struct WordDictionary: Sendable {
    struct Cell: Sendable {
        var base: Int32 = 0
        /// The parent, or -1 where the cell is free.
        var check: Int32 = -1
        /// log(count / sum).
        var score: Double = .nan
    }

    /// Root at 0.
    let cells: [Cell]
    /// From scalars of the basic plane to codes of 1…; 0 is in no word.
    let codes: [UInt16]
    /// The score of a sign that is no word: a count of one.
    let unknownScore: Double

    /// - Parameters:
    ///   - words: in the order of their scalars, without doubles.
    ///   - total: the sum of all counts, those of words that were left out too.
    init(_ words: SortedWords, total: UInt64) {
        let codes = Self.codes(of: words)
        var builder = TrieBuilder(words: words, codes: codes, logTotal: log(Double(total)))
        builder.build()
        self.cells = builder.cells
        self.codes = codes
        self.unknownScore = -log(Double(total))
    }

    /// Common signs get low codes, so that their cells lie together.
    private static func codes(of words: SortedWords) -> [UInt16] {
        var counts = [Int](repeating: 0, count: 0x10000)
        for sign in words.signs { counts[Int(sign)] += 1 }
        var codes = [UInt16](repeating: 0, count: 0x10000)
        let order = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
        for (number, sign) in order.enumerated() { codes[sign] = UInt16(number + 1) }
        return codes
    }
}
