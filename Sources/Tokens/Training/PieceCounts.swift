/// What one thread has counted: the different pieces of its text, and, where phrases are wanted, their order.
struct PieceCounts: Sendable {
    private(set) var words = WordCounts()
    private(set) var order = PieceOrder()
    /// Longer pieces count as several.
    private let pieceBytesMax: Int
    /// Longer pieces are no part of a phrase; 0 where none are wanted.
    private let phrasePieceBytesMax: Int

    init(pieceBytesMax: Int, phrasePieceBytesMax: Int) {
        self.pieceBytesMax = pieceBytesMax
        self.phrasePieceBytesMax = phrasePieceBytesMax
    }

    /// The words, which are none afterwards.
    mutating func takeWords() -> WordCounts {
        defer { words = WordCounts() }
        return words
    }

    /// Counts the pieces of `text[range]`.
    mutating func add(_ text: [UInt8], _ range: Range<Int>, times: Int) {
        if phrasePieceBytesMax > 0 { order.begin(times: times) }
        TrainingPattern.preTokenizer.forEachPiece(text, range.lowerBound, range.upperBound) { start, end in
            var start = start
            while end - start > pieceBytesMax {
                var cut = start + pieceBytesMax
                while text[cut] & 0xC0 == 0x80 { cut -= 1 }
                words.add(text, start, cut, times: times)
                start = cut
            }
            let word = words.add(text, start, end, times: times)
            if phrasePieceBytesMax > 0 {
                order.add(end - start > phrasePieceBytesMax ? PieceOrder.gap : UInt32(word))
            }
        }
        if phrasePieceBytesMax > 0 { order.add(PieceOrder.gap) }
    }
}
