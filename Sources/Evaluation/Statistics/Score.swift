import Foundation

/// A task's result with what is to be thought of it.
package struct Score: Codable, Sendable, Equatable {
    package enum Verdict: String, Codable, Sendable {
        case aboveChance = "above chance"
        case notAboveChance = "not above chance"
    }

    package let value: Double
    /// Where the true value lies with 95 % confidence.
    package let low: Double
    package let high: Double
    package let items: Int
    /// What guessing gets, where something can be guessed.
    package let chance: Double?

    /// 0 for guessing, 1 for all right: (value - chance) / (1 - chance).
    package let centred: Double?
    /// A score is above chance only when its whole interval is.
    package let verdict: Verdict?

    /// A share of right answers, with Wilson's interval.
    package init(right: Int, of items: Int, chance: Double? = nil) {
        let interval = Interval.wilson(right, of: items)
        value = items > 0 ? Double(right) / Double(items) : 0
        (low, high) = (interval.low, interval.high)
        self.items = items
        self.chance = chance
        let share = value
        centred = chance.map { $0 < 1 ? (share - $0) / (1 - $0) : 0 }
        verdict = chance.map { interval.low > $0 ? .aboveChance : .notAboveChance }
    }

    /// Σ amount / Σ weight, with an interval from drawing the items again and again.
    package init(ratioOf amounts: [Double], to weights: [Double], seed: UInt64) {
        precondition(amounts.count == weights.count, "\(amounts.count) amounts, \(weights.count) weights")
        let total = weights.reduce(0, +)
        value = total > 0 ? amounts.reduce(0, +) / total : 0
        let interval = Interval.bootstrap(items: amounts.count, seed: seed) { places in
            var (amount, weight) = (0.0, 0.0)
            for place in places {
                amount += amounts[place]
                weight += weights[place]
            }
            return weight > 0 ? amount / weight : 0
        }
        (low, high) = (interval.low, interval.high)
        items = amounts.count
        (chance, centred, verdict) = (nil, nil, nil)
    }
}
