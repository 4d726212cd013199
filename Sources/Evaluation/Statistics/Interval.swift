import Foundation
import Kernels

/// Two bounds between which a value lies with 95 % confidence.
package struct Interval: Sendable, Equatable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// The normal distribution's bound of 97.5 %.
    static let deviations = 1.959_963_984_540_054

    /// For a share (Wilson 1927): sound also for few items, and for none or all right.
    ///
    ///     (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)
    package static func wilson(_ right: Int, of items: Int) -> Interval {
        guard items > 0 else { return Interval(low: 0, high: 1) }
        let (n, z) = (Double(items), deviations)
        let share = Double(right) / n
        let middle = share + z * z / (2 * n)
        let width = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return Interval(
            low: right == 0 ? 0 : max(0, (middle - width) / scale),
            high: right == items ? 1 : min(1, (middle + width) / scale))
    }

    /// The middle 95 % of a statistic over items that are drawn again with replacement (Efron 1979).
    package static func bootstrap(items: Int, seed: UInt64, _ statistic: ([Int]) -> Double) -> Interval {
        let values = resampled(items: items, seed: seed, statistic).sorted()
        guard let first = values.first, let last = values.last else { return Interval(low: 0, high: 0) }
        let cut = values.count * 25 / 1000
        return values.count > 2 * cut
            ? Interval(low: values[cut], high: values[values.count - 1 - cut]) : Interval(low: first, high: last)
    }

    package static func resampled(items: Int, seed: UInt64, _ statistic: ([Int]) -> Double) -> [Double] {
        guard items > 0 else { return [] }
        var generator = SplitMix64(seed: seed)
        var places = [Int](repeating: 0, count: items)
        return (0..<EvaluationLimits.resamples).map { _ in
            for place in places.indices { places[place] = Int.random(in: 0..<items, using: &generator) }
            return statistic(places)
        }
    }
}
