import Languages

/// Finds which parts of two texts say the same in two languages.
///
/// Two passes of one dynamic programming: by lengths and the shipped dictionary; then with what the first pass taught
/// of words and, for subtitles, of the two clocks. Then each pair is checked by words, lengths and times, and its score
/// says how sure it is.
struct Aligner {
    private let limits: AlignmentLimits
    private let isTimed: Bool

    /// Cues that are shown at the same times, from which share on two files have one clock.
    private static let sameClockShareMin = 0.7
    private static let anchorAgreementMin = 0.3
    private static let anchorsMin = 8

    init(_ limits: AlignmentLimits, isTimed: Bool) {
        self.limits = limits
        self.isTimed = isTimed
    }

    func align(_ first: [AlignmentItem], _ second: [AlignmentItem], _ lexicon: Lexicon) -> [AlignedPair] {
        guard !first.isEmpty, !second.isEmpty else { return [] }
        let (one, other) = (first.reduce(0) { $0 + $1.length }, second.reduce(0) { $0 + $1.length })
        let ratio = min(max(other / max(one, 1), 0.3), 3)
        let same = isTimed && hasSameClock(first, second) ? AlignmentCosts.Clock(rate: 1, offset: 0) : nil
        var costs = AlignmentCosts(first: first, second: second, lexicon: lexicon, ratio: ratio, clock: same)
        let band = min(limits.bandItemsMax, max(64, abs(first.count - second.count) + second.count / 5))
        let path = AlignmentPath.best(costs, band: band)

        var learned = lexicon
        learned.learn(
            path.filter { $0.bead == .oneOne && costs.lengthCost(.oneOne, $0.first, $0.second) < 150 }
                .map { (first[$0.first].words, second[$0.second].words) })
        let clock = same ?? (isTimed ? clock(path, costs) : nil)
        costs = AlignmentCosts(first: first, second: second, lexicon: learned, ratio: ratio, clock: clock)
        return AlignmentPath.best(costs, band: band).compactMap { pair($0, costs) }
    }

    /// Scores of items that are known to belong together, number by number.
    func check(_ first: [AlignmentItem], _ second: [AlignmentItem], _ lexicon: Lexicon) -> [AlignedPair] {
        let (one, other) = (first.reduce(0) { $0 + $1.length }, second.reduce(0) { $0 + $1.length })
        let costs = AlignmentCosts(
            first: first, second: second, lexicon: lexicon, ratio: min(max(other / max(one, 1), 0.3), 3), clock: nil)
        return first.indices.compactMap { pair(.init(bead: .oneOne, first: $0, second: $0), costs) }
    }

    /// A pair with its score; nil for what stands alone.
    func pair(_ step: AlignmentPath.Step, _ costs: AlignmentCosts) -> AlignedPair? {
        let bead = step.bead
        guard bead.first > 0, bead.second > 0 else { return nil }
        let (first, second) = (
            costs.first[step.first..<step.first + bead.first], costs.second[step.second..<step.second + bead.second]
        )
        let lengths = costs.lengthCost(bead, step.first, step.second)
        let agreement = costs.agreement(bead, step.first, step.second)
        // Halved where the lengths are as unlikely as one pair in twenty.
        let lengthScore = 1 / (1 + lengths / 300)
        var score = 0.0
        if let agreement {
            score = 0.65 * min(1, agreement / 0.4) + 0.35 * lengthScore
        } else {
            score = 0.6 * lengthScore
        }
        if costs.clock != nil { score = 0.6 * score + 0.4 * costs.overlap(bead, step.first, step.second) }
        if bead != .oneOne { score *= 0.95 }
        return AlignedPair(
            first: Self.join(first), second: Self.join(second), score: score, firstCount: bead.first,
            secondCount: bead.second, place: step.first + 1)
    }

    private static func join(_ items: ArraySlice<AlignmentItem>) -> String {
        var text = ""
        for item in items {
            // Chinese and Japanese have no space between sentences.
            let isSpaced = text.unicodeScalars.last.map { $0.value < 0x2E80 } ?? false
            text += (isSpaced ? " " : "") + item.text
        }
        return text
    }

    private func hasSameClock(_ first: [AlignmentItem], _ second: [AlignmentItem]) -> Bool {
        var shown = 0
        var place = 0
        for item in first {
            guard let time = item.time else { continue }
            while place < second.count, let other = second[place].time, other.upperBound <= time.lowerBound {
                place += 1
            }
            guard place < second.count, let other = second[place].time else { break }
            let both = min(time.upperBound, other.upperBound) - max(time.lowerBound, other.lowerBound)
            if 2 * both > min(time.count, other.count) { shown += 1 }
        }
        return Double(shown) >= Self.sameClockShareMin * Double(min(first.count, second.count))
    }

    /// How the second file's clock goes: the middle one of many slopes between pairs whose words agree, then of
    /// offsets.
    private func clock(_ path: [AlignmentPath.Step], _ costs: AlignmentCosts) -> AlignmentCosts.Clock? {
        let anchors = path.compactMap { step -> (Double, Double)? in
            guard step.bead == .oneOne, let agreement = costs.agreement(.oneOne, step.first, step.second),
                agreement >= Self.anchorAgreementMin, let one = costs.first[step.first].time,
                let other = costs.second[step.second].time
            else { return nil }
            return (Double(one.lowerBound), Double(other.lowerBound))
        }
        guard anchors.count >= Self.anchorsMin else { return nil }
        let half = anchors.count / 2
        let slopes = (0..<half).compactMap { number -> Double? in
            let (one, other) = (anchors[number], anchors[number + anchors.count - half])
            return other.0 > one.0 ? (other.1 - one.1) / (other.0 - one.0) : nil
        }.sorted()
        // Film and television differ by a twenty-fifth; other rates are no clock.
        guard !slopes.isEmpty, case let rate = slopes[slopes.count / 2], (0.9...1.1).contains(rate) else { return nil }
        let offsets = anchors.map { $0.1 - $0.0 * rate }.sorted()
        return AlignmentCosts.Clock(rate: rate, offset: offsets[offsets.count / 2])
    }
}
