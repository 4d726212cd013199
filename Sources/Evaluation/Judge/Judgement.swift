/// What a judge made of two models' answers to the same questions.
package struct Judgement: Codable, Sendable, Equatable {
    /// Items for which the second model's answer was chosen, whichever stood first.
    package var wins = 0
    package var losses = 0
    /// Called equal, or chosen by its place.
    package var ties = 0
    /// Items for which the judge chose the first place both times, or the second both times: how much it is led by
    /// the order.
    package var byPlace = 0

    package init() {}

    /// The judge says more about places than about answers.
    package var isLedByPlace: Bool { 2 * byPlace > items }

    package var items: Int { wins + losses + ties }
    /// A tie is half a win.
    package var winRate: Double { items > 0 ? (Double(wins) + Double(ties) / 2) / Double(items) : 0.5 }

    /// Wilson's interval of as many whole wins.
    private var interval: Interval { .wilson(Int((winRate * Double(items)).rounded()), of: items) }
    package var low: Double { interval.low }
    package var high: Double { interval.high }
}
