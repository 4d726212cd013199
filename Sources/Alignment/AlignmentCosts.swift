import Foundation

/// What joining some items of each text costs, in −100 · log of its probability, after Gale and Church (1993).
struct AlignmentCosts {
    /// How many items of each text a pair may join, and how often pairs of that form are.
    enum Bead: UInt8, CaseIterable {
        case oneOne, oneNone, noneOne, twoOne, oneTwo, twoTwo

        var first: Int { [1, 1, 0, 2, 1, 2][Int(rawValue)] }
        var second: Int { [1, 0, 1, 1, 2, 2][Int(rawValue)] }
        /// −100 · log of 0.89, 0.0099 / 2, 0.089 / 2 and 0.011.
        var prior: Double { [12, 531, 531, 311, 311, 451][Int(rawValue)] }
    }

    let first: [AlignmentItem]
    let second: [AlignmentItem]
    /// Of each item alone, then of each with the next.
    private let reaches: [[WordReach]]
    private let words: [[[Int32]]]
    /// Letters of the second text for one of the first.
    let ratio: Double
    /// Times of the second text as those of the first; nil where there are none, or they are not trusted.
    let clock: Clock?

    init(
        first: [AlignmentItem], second: [AlignmentItem], lexicon: Lexicon, ratio: Double, clock: Clock?
    ) {
        self.first = first
        self.second = second
        self.ratio = ratio
        self.clock = clock
        reaches = [first.map(\.words), Self.joined(first)].map { $0.map(lexicon.reach) }
        words = [second.map(\.words), Self.joined(second)]
    }

    private static func joined(_ items: [AlignmentItem]) -> [[Int32]] {
        zip(items, items.dropFirst()).map { Set($0.words + $1.words).sorted() }
    }

    /// second = first · rate + offset, milliseconds.
    struct Clock: Equatable {
        var rate: Double
        var offset: Double
    }

    /// The variance of a text's length for each letter of the other one's.
    private static let variance = 6.8
    /// Words that agree pay this much, words without any agreement cost it.
    private static let lexiconWeight = 500.0
    private static let agreementUsual = 0.12
    /// What cues that are shown at quite other times cost.
    private static let timeWeight = 600.0

    func cost(_ bead: Bead, _ i: Int, _ j: Int) -> Double {
        guard bead.first > 0, bead.second > 0 else { return bead.prior }
        var cost = bead.prior + lengthCost(bead, i, j)
        if clock != nil {
            let overlap = overlap(bead, i, j)
            cost += Self.timeWeight * (1 - overlap)
            // Words cannot make up for quite other times.
            if overlap == 0 { return cost }
        }
        if let agreement = agreement(bead, i, j) {
            cost -= Self.lexiconWeight * (min(agreement, 0.6) - Self.agreementUsual)
        }
        return cost
    }

    func lengthCost(_ bead: Bead, _ i: Int, _ j: Int) -> Double {
        let one = first[i].length + (bead.first == 2 ? first[i + 1].length : 0)
        let other = second[j].length + (bead.second == 2 ? second[j + 1].length : 0)
        return lengthCost(one, other)
    }

    /// Gale and Church's: how unlikely it is that lengths differ so much.
    private func lengthCost(_ one: Double, _ other: Double) -> Double {
        let mean = (one + other / ratio) / 2
        guard mean > 0 else { return 0 }
        let delta = abs(one * ratio - other) / (mean * ratio * Self.variance).squareRoot()
        let tail = erfc(delta / 2.0.squareRoot())
        return tail > 1e-12 ? min(-100 * log(tail), 1500) : 1500
    }

    func agreement(_ bead: Bead, _ i: Int, _ j: Int) -> Double? {
        reaches[bead.first - 1][i].agreement(words[bead.second - 1][j])
    }

    /// The share of their joined time in which both are shown, 0…1.
    func overlap(_ bead: Bead, _ i: Int, _ j: Int) -> Double {
        guard let clock, let start = first[i].time, let end = first[i + bead.first - 1].time,
            let otherStart = second[j].time, let otherEnd = second[j + bead.second - 1].time
        else { return 0 }
        let begin = Double(start.lowerBound) * clock.rate + clock.offset
        let finish = max(begin, Double(end.upperBound) * clock.rate + clock.offset)
        let (otherBegin, otherFinish) = (Double(otherStart.lowerBound), Double(otherEnd.upperBound))
        let both = min(finish, otherFinish) - max(begin, otherBegin)
        let all = max(finish, otherFinish) - min(begin, otherBegin)
        return all > 0 ? max(0, both / all) : 1
    }
}
