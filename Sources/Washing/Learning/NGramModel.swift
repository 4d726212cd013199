import Foundation

/// How surprising a text's words are to one who has read some other text: a model of three words in a row,
/// interpolated with absolute discounting (Ney, Essen and Kneser 1994). Words are those of `TextScan`: single
/// characters in Chinese.
///
///     P(w | u v) = max(c(u v w) - d, 0) / c(u v)  +  d · n(u v) / c(u v) · P(w | v),     d = 0.75
///     P(w)       = max(c(w) - d, 0) / c           +  d · n / c · 2^-20                   n: different words seen
///
/// CCNet (Wenzek et al. 2020) parts text by such a perplexity, of a model of good text, into head, middle and tail.
package struct NGramModel: Sendable {
    package private(set) var table: NGramTable
    /// Words read, and different ones.
    package private(set) var words: Int
    package private(set) var vocabulary: Int

    package static let discount = 0.75
    /// What an unknown word's share is divided by.
    package static let unknownWords = Double(1 << 20)
    /// Stands before the first word of a line.
    private static let lineStart: UInt64 = 0x5851_F42D_4C95_7F2D
    /// Above so many entries the rare ones are forgotten while learning: 64 MB.
    private static let entriesMax = 4 << 20

    package init() {
        table = NGramTable()
        words = 0
        vocabulary = 0
    }

    package init(table: NGramTable, words: Int, vocabulary: Int) {
        self.table = table
        self.words = words
        self.vocabulary = vocabulary
    }

    package mutating func learn(_ scan: TextScan) {
        var place = 0
        for line in scan.lines {
            var (before, last) = (Self.lineStart, Self.lineStart)
            _ = table.add(NGramTable.key(last))
            _ = table.add(NGramTable.key(before, last))
            for word in scan.wordHashes[place..<place + Int(line.words)] {
                words += 1
                if table.add(NGramTable.key(word)) { vocabulary += 1 }
                if table.add(NGramTable.key(last, word)) { table.addFollower(NGramTable.key(last)) }
                if table.add(NGramTable.key(before, last, word)) { table.addFollower(NGramTable.key(before, last)) }
                (before, last) = (last, word)
            }
            place += Int(line.words)
        }
        if table.used > Self.entriesMax { table.prune(countMin: 2) }
    }

    /// Forgets what came once, when all is learnt: it tells little, and is most of the table.
    package mutating func finish() { table.prune(countMin: 2) }

    /// How a text looks to the model.
    package struct Surprise: Sendable {
        /// Two to the power of the mean bits a word.
        package var perplexity: Double
        /// Bits a word that the two words before it save, against what the word alone costs: little for words in no
        /// order, whatever they are.
        package var order: Double
    }

    /// Two to the power of the mean bits a word; nil for a text without words, or a model that has read none.
    package func perplexity(_ scan: TextScan) -> Double? { surprise(scan)?.perplexity }

    /// Nil for a text without words, or a model that has read none.
    package func surprise(_ scan: TextScan) -> Surprise? {
        guard words > 0, scan.words > 0 else { return nil }
        var (bits, aloneBits) = (0.0, 0.0)
        var (product, alone) = (1.0, 1.0)
        var place = 0
        let floor = Self.discount * Double(vocabulary) / Self.unknownWords
        for line in scan.lines {
            var (before, last) = (Self.lineStart, Self.lineStart)
            var lastSlot = table.slot(NGramTable.key(last))
            var pairSlot = table.slot(NGramTable.key(before, last))
            for word in scan.wordHashes[place..<place + Int(line.words)] {
                let wordSlot = table.slot(NGramTable.key(word))
                var chance = (seen(wordSlot) + floor) / Double(words)
                alone *= chance
                let nextPair = lastSlot < 0 ? -1 : table.slot(NGramTable.key(last, word))
                chance = interpolated(chance, nextPair, context: lastSlot)
                if pairSlot >= 0 {
                    let triple = nextPair < 0 ? -1 : table.slot(NGramTable.key(before, last, word))
                    chance = interpolated(chance, triple, context: pairSlot)
                }
                product *= chance
                if product < 1e-200 {
                    bits -= log2(product)
                    product = 1
                }
                if alone < 1e-200 {
                    aloneBits -= log2(alone)
                    alone = 1
                }
                (before, last, lastSlot, pairSlot) = (last, word, wordSlot, nextPair)
            }
            place += Int(line.words)
        }
        let count = Double(scan.words)
        (bits, aloneBits) = (bits - log2(product), aloneBits - log2(alone))
        return Surprise(perplexity: exp2(bits / count), order: (aloneBits - bits) / count)
    }

    @inline(__always)
    private func seen(_ slot: Int) -> Double { slot < 0 ? 0 : max(0, Double(table.counts[slot]) - Self.discount) }

    @inline(__always)
    private func interpolated(_ lower: Double, _ slot: Int, context: Int) -> Double {
        // What stood at line ends alone says nothing of what follows.
        guard context >= 0, table.followers[context] > 0 else { return lower }
        return (seen(slot) + Self.discount * Double(table.followers[context]) * lower) / Double(table.counts[context])
    }
}
