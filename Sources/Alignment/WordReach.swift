/// The words of another text that a text's words may be translated by.
struct WordReach: Sendable {
    struct Target: Sendable {
        var word: Int32
        /// Which of the text's words it stands for.
        var source: UInt8
    }

    /// By word, ascending.
    var targets: [Target]
    /// Of the text's own words.
    var count: Int

    /// More words of a sentence are not looked at: a bit for each.
    static let wordsMax = 64

    /// The share of both texts' words that have a counterpart in the other; nil where one has no words.
    ///
    /// - Parameter words: ascending.
    func agreement(_ words: [Int32]) -> Double? {
        guard count > 0, !words.isEmpty else { return nil }
        var sources: UInt64 = 0
        var matched = 0
        var place = 0
        for word in words {
            while place < targets.count, targets[place].word < word { place += 1 }
            guard place < targets.count else { break }
            guard targets[place].word == word else { continue }
            matched += 1
            while place < targets.count, targets[place].word == word {
                sources |= 1 << UInt64(targets[place].source)
                place += 1
            }
        }
        return Double(sources.nonzeroBitCount + matched) / Double(count + words.count)
    }
}
