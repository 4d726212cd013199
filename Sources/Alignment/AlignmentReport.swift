import Languages

/// What was aligned, and what not.
package struct AlignmentReport: Sendable {
    package var firstLanguage: WrittenLanguage
    package var secondLanguage: WrittenLanguage
    /// Cues, sentences or messages that were read.
    package var firstItems: Int
    package var secondItems: Int
    /// Pairs with at least the score that was asked for, in the order of the texts.
    package var pairs: [AlignedPair]
    /// Pairs under it.
    package var doubted: Int
}
