/// What came of one item.
package struct ItemResult: Codable, Sendable, Equatable {
    package var id: String
    package var group: String
    /// 1 or 0 for right or wrong; bits of a text. Nil where only a judge can say.
    package var score: Double?
    /// The score when each choice's probability is taken per character.
    package var normalised: Double?
    /// Bytes of a text, else 1.
    package var weight: Double
    /// What was asked, where a judge must know it.
    package var question: String?
    /// What was chosen or written.
    package var answer: String
    /// The answer was not at its end when it had as many tokens as it might.
    package var isCut: Bool
    /// Why the item could not be asked, or why its answer failed.
    package var fault: String?

    package init(
        id: String, group: String, score: Double?, normalised: Double? = nil, weight: Double = 1, answer: String = "",
        isCut: Bool = false, fault: String? = nil
    ) {
        self.id = id
        self.group = group
        self.score = score
        self.normalised = normalised
        self.weight = weight
        self.answer = answer
        self.isCut = isCut
        self.fault = fault
    }
}
