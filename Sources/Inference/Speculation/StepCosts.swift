import Foundation

/// What a step with proposals costs beside one without, by how many there are.
///
/// Learnt from pairs of steps that follow each other with the same sequences and different numbers of proposals, so
/// that longer texts and a busier machine, which slow both, change nothing: with s(k) the logarithm of the cost of k
/// proposals and s(0) = 0,
///
///     error = log(seconds now / seconds before) - (s(now) - s(before)),   cut to ± `errorMax` and a bit
///     s(now) += weight * error,   s(before) -= weight * error
///
/// The weight falls with the number of measurements; large errors in a row say that the machine is another one
/// than it was, and make most of them void, and those of other numbers of proposals too.
package struct StepCosts: Sendable {
    private struct Curve: Sendable {
        /// s(k) from k = 1 on; nil where nothing was measured.
        var logs: [Double?]
        var counts: [Int]
        /// Where the last errors of each tend to.
        var trends: [Double]
        /// Seconds of a step without proposals.
        var seconds: Double?
        /// How many of them there were.
        var plainSteps = 0
    }

    private struct Measured: Sendable {
        var sequences: Int
        var proposals: Int
        var seconds: Double
    }

    private var curves: [Curve]
    private var last: Measured?

    /// Sequences in a step from which on another curve holds.
    private static let bounds = [1, 2, 3, 5, 9, 17]
    private static let errorMax = 0.6
    /// Beyond this the past counts as `voidCount` measurements.
    private static let largeTrend = 0.3
    private static let trendWeight = 0.2
    private static let voidCount = 3
    private static let weightMin = 0.06
    /// Of the newest step in the seconds of a step.
    private static let secondsWeight = 0.1
    /// With proposals it tells less: their cost is an estimate.
    private static let proposalSecondsWeight = 0.005
    /// What rows cost, in steps of one row, before it was measured: as on two cores with AVX-512, where the first rows
    /// hide behind the reading of weights. Where they do not, a few steps tell.
    private static let secondRowPrior = 0.1
    private static let rowPrior = 0.12
    private static let logMax = 4.0

    package init(proposalsMax: Int) {
        let curve = Curve(
            logs: Array(repeating: nil, count: proposalsMax), counts: Array(repeating: 0, count: proposalsMax),
            trends: Array(repeating: 0, count: proposalsMax))
        curves = Array(repeating: curve, count: Self.bounds.count)
    }

    private static func curve(_ sequences: Int) -> Int { bounds.lastIndex { $0 <= sequences } ?? 0 }

    /// In steps without proposals of so many sequences: 1 and more.
    package func cost(proposals: Int, sequences: Int) -> Double {
        let curve = curves[Self.curve(sequences)]
        guard proposals > 0 else { return 1 }
        let known = min(proposals, curve.logs.count)
        if let log = curve.logs[known - 1] { return exp(log) }
        let prior = { (count: Int) in Self.prior(rows: sequences + count) / Self.prior(rows: sequences) }
        let below = (1..<known).last { curve.logs[$0 - 1] != nil } ?? 0
        let cheaper = below == 0 ? 1 : exp(curve.logs[below - 1] ?? 0)
        guard let above = (known + 1..<curve.logs.count + 1).first(where: { curve.logs[$0 - 1] != nil }) else {
            return cheaper * prior(known) / prior(below)
        }
        let dearer = exp(curve.logs[above - 1] ?? 0)
        return cheaper + (dearer - cheaper) * (prior(known) - prior(below)) / (prior(above) - prior(below))
    }

    private static func prior(rows: Int) -> Double {
        rows > 1 ? 1 + secondRowPrior + rowPrior * Double(rows - 1) : 1
    }

    /// How often the cost of so many proposals was measured lately.
    package func measurements(proposals: Int, sequences: Int) -> Int {
        let curve = curves[Self.curve(sequences)]
        return proposals > 0 ? curve.counts[min(proposals, curve.counts.count) - 1] : curve.plainSteps
    }

    /// Of a step without proposals; nil before there was one to learn from.
    package func seconds(sequences: Int) -> Double? { curves[Self.curve(sequences)].seconds }

    package mutating func record(sequences: Int, proposals: Int, seconds: Double) {
        guard seconds > 0, sequences > 0, proposals <= curves[0].logs.count else { return interrupt() }
        let now = Measured(sequences: sequences, proposals: proposals, seconds: seconds)
        if let last, last.sequences == sequences, last.proposals != proposals { learn(last, now) }
        last = now
        let curve = Self.curve(sequences)
        let plain = seconds / cost(proposals: proposals, sequences: sequences)
        let before = curves[curve].seconds ?? plain
        if proposals == 0 { curves[curve].plainSteps += 1 }
        let weight =
            proposals > 0
            ? Self.proposalSecondsWeight : max(Self.secondsWeight, 1 / Double(curves[curve].plainSteps))
        curves[curve].seconds = before + weight * (min(max(plain, before / 2), before * 2) - before)
    }

    /// The next step does not follow the last one: something else was computed between them.
    package mutating func interrupt() { last = nil }

    /// What was measured on another machine, as it were.
    private mutating func forget(_ curve: Int, but place: Int) {
        for other in curves[curve].logs.indices where other != place {
            curves[curve].logs[other] = nil
            curves[curve].counts[other] = 0
        }
        curves[curve].counts[place] = min(curves[curve].counts[place], Self.voidCount)
        curves[curve].trends = curves[curve].trends.map { _ in 0 }
    }

    private mutating func learn(_ before: Measured, _ now: Measured) {
        let costs = [before, now].map { cost(proposals: $0.proposals, sequences: $0.sequences) }
        let error = log(now.seconds / before.seconds) - log(costs[1] / costs[0])
        let share = before.proposals > 0 && now.proposals > 0 ? 0.5 : 1
        for (step, cost, sign) in [(before, costs[0], -1.0), (now, costs[1], 1.0)] where step.proposals > 0 {
            let (curve, place) = (Self.curve(step.sequences), step.proposals - 1)
            let trend = Self.trendWeight * (min(max(error * sign, -1), 1) - curves[curve].trends[place])
            curves[curve].trends[place] += trend
            if abs(curves[curve].trends[place]) > Self.largeTrend { forget(curve, but: place) }
            curves[curve].counts[place] += 1
            let most = Self.errorMax * (1 + 4 / Double(curves[curve].counts[place]))
            let cut = min(max(error, -most), most)
            // What was believed before counts as the first measurement.
            let weight = max(Self.weightMin, 1 / Double(curves[curve].counts[place] + 1)) * share
            curves[curve].logs[place] = min(max(Foundation.log(cost) + sign * weight * cut, 0), Self.logMax)
        }
    }
}
