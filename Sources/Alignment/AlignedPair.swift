/// Texts of two languages that say the same.
package struct AlignedPair: Sendable, Equatable {
    package var first: String
    package var second: String
    /// How sure it is, 0…1: words that translate each other, lengths, times.
    package var score: Double
    /// How many cues, sentences or messages of each text were joined.
    package var firstCount: Int
    package var secondCount: Int
    /// The first item of the first text, from 1.
    package var place: Int
}
