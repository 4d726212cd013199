import Foundation
import Kernels
import Training

/// Two bounds between which a value lies with 95 % confidence.
package struct Interval: Sendable, Equatable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// For a share.
    package static func wilson(_ right: Int, of items: Int) -> Interval {
        let interval = WilsonInterval(right, of: items)
        return Interval(low: interval.low, high: interval.high)
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
