import Foundation

/// Whether two models that answered the same items differ.
package enum PairedTest {
    /// How probable it is that items which only one of two got right are split as unevenly as this, were both equally
    /// good: McNemar's test, exact and two-sided.
    ///
    ///     min(1, 2 Σ_{k ≤ min(a,b)} C(a+b, k) / 2^(a+b))
    ///
    /// - Parameters:
    ///   - first: items that only the first got right.
    ///   - second: items that only the second got right.
    package static func mcNemar(onlyFirst first: Int, onlySecond second: Int) -> Double {
        let count = first + second
        guard count > 0 else { return 1 }
        // Logarithms, since the coefficients of a few thousand items overflow.
        let scale = lgamma(Double(count) + 1) - Double(count) * log(2)
        let tail = (0...min(first, second)).reduce(0.0) { sum, k in
            sum + exp(scale - lgamma(Double(k) + 1) - lgamma(Double(count - k) + 1))
        }
        return min(1, 2 * tail)
    }

    /// The second's ratio less the first's, Σ amount / Σ weight each, its interval over items drawn again, and how
    /// probable a difference as far from nothing is.
    package static func bootstrap(
        _ first: [Double], _ second: [Double], weights: [Double], seed: UInt64
    ) -> (difference: Double, interval: Interval, probability: Double) {
        precondition(first.count == second.count && first.count == weights.count, "pairs")
        func difference(_ places: [Int]) -> Double {
            var (sum, weight) = (0.0, 0.0)
            for place in places {
                sum += second[place] - first[place]
                weight += weights[place]
            }
            return weight > 0 ? sum / weight : 0
        }
        let values = Interval.resampled(items: first.count, seed: seed, difference)
        let interval = Interval.bootstrap(items: first.count, seed: seed, difference)
        let below = Double(values.count { $0 <= 0 })
        let above = Double(values.count { $0 >= 0 })
        // As many draws as there were cannot tell a smaller probability.
        let probability = min(1, 2 * (min(below, above) + 1) / Double(values.count + 1))
        return (difference(Array(first.indices)), interval, probability)
    }

    /// Probabilities for several tests of which none may err (Holm 1979), in their order.
    package static func holm(_ probabilities: [Double]) -> [Double] {
        let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
        var adjusted = probabilities
        var largest = 0.0
        for (rank, place) in order.enumerated() {
            largest = max(largest, min(1, probabilities[place] * Double(probabilities.count - rank)))
            adjusted[place] = largest
        }
        return adjusted
    }
}
