import Languages

/// A cue or sentence, with what alignment compares of it.
struct AlignmentItem: Sendable {
    var text: String
    /// Milliseconds; nil for texts without times.
    var time: Range<Int>?
    /// How long it is in letters of an alphabet, an ideograph being three.
    var length: Double
    /// Words as `Vocabulary` numbers them, each once, ascending; function words and marks are none.
    var words: [Int32]
}
