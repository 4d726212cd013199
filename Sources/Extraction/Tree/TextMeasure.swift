/// What a run of text amounts to.
struct TextMeasure {
    /// Words: runs of letters and digits, and half a word for each ideograph, syllable or kana, and
    /// a quarter for each letter of scripts without spaces.
    var words: Float = 0
    /// Of these within links.
    var linkWords: Float = 0
    /// Links that begin in it.
    var links: Int32 = 0
    /// Marks that end a sentence or part it: 。！？；，, and . ! ? ; , after a letter and before a space.
    var marks: Int32 = 0
    /// Whether the last character ends a sentence.
    var endsSentence = false

    /// Share of the words that are links.
    var linkShare: Float { words > 0 ? linkWords / words : 0 }

    static func += (sum: inout TextMeasure, other: TextMeasure) {
        sum.words += other.words
        sum.linkWords += other.linkWords
        sum.links += other.links
        sum.marks += other.marks
    }
}
