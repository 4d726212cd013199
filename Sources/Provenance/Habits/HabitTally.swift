import JSON

/// How often a pattern occurs in some texts.
package struct HabitTally: Sendable, Equatable {
    package var texts = 0
    /// That have it.
    package var textsWith = 0
    package var occurrences = 0
    /// Unicode scalars of all texts.
    package var characters = 0

    package init() {}

    package mutating func add(_ text: String, _ pattern: HabitPattern) {
        let count = pattern.count(in: text)
        texts += 1
        textsWith += count > 0 ? 1 : 0
        occurrences += count
        characters += text.unicodeScalars.count
    }

    package static func += (sum: inout HabitTally, other: HabitTally) {
        sum.texts += other.texts
        sum.textsWith += other.textsWith
        sum.occurrences += other.occurrences
        sum.characters += other.characters
    }

    /// Occurrences in a million characters: what texts of unlike length are compared by.
    package var perMillion: Double { characters > 0 ? Double(occurrences) * 1e6 / Double(characters) : 0 }

    package var json: JSONObject {
        [
            "texts": .int(texts), "texts_with": .int(textsWith), "occurrences": .int(occurrences),
            "characters": .int(characters), "per_million": .double(perMillion),
        ]
    }
}
