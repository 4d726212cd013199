import Foundation

/// Tells texts that are like some from texts that are like others: logistic regression on hashed words and pairs of
/// words, as fastText's classifier (Joulin et al. 2016) without its hidden layer. Features have length one, so that
/// long texts weigh as much as short ones.
package struct LinearClassifier: Sendable {
    package static let buckets = 1 << 18
    /// Words of a text that are looked at, from its beginning.
    package static let wordsMax = 512

    package private(set) var weights: [Float]
    package private(set) var bias: Float

    package init(weights: [Float], bias: Float) {
        precondition(weights.count == Self.buckets, "a weight for each bucket")
        self.weights = weights
        self.bias = bias
    }

    /// How sure it is that the text is like the good ones, 0 to 1.
    package func share(_ scan: TextScan) -> Double { share(Self.features(scan)) }

    package func share(_ features: [UInt32]) -> Double {
        let sum = features.reduce(Float(0)) { $0 + weights[Int($1)] }
        return 1 / (1 + exp(-Double(bias + sum / Float(max(1, features.count)).squareRoot())))
    }

    package static func features(_ scan: TextScan) -> [UInt32] {
        let words = scan.wordHashes.prefix(wordsMax)
        var features: [UInt32] = []
        features.reserveCapacity(2 * words.count)
        var last: UInt64 = 0
        for word in words {
            features.append(UInt32(truncatingIfNeeded: Hashing.mix(word)) & UInt32(buckets - 1))
            if last != 0 {
                features.append(
                    UInt32(truncatingIfNeeded: Hashing.mix(last &* 31 &+ word)) & UInt32(buckets - 1))
            }
            last = word
        }
        return features
    }
}

extension LinearClassifier {
    package struct Example: Sendable {
        package var features: [UInt32]
        package var isGood: Bool

        package init(features: [UInt32], isGood: Bool) {
            self.features = features
            self.isGood = isGood
        }
    }

    /// What it does on examples that it was not taught.
    package struct Score: Codable, Equatable, Sendable {
        package var threshold = 0.0
        package var precision = 0.0
        package var recall = 0.0
        package var examples = 0
    }

    package static let epochs = 8
    package static let rate: Float = 1

    /// Learns by stochastic gradient descent, in an order that is the same everywhere; both sides weigh the same.
    package static func learn(_ examples: [Example], seed: UInt64 = 1) -> LinearClassifier {
        var weights = [Float](repeating: 0, count: buckets)
        var bias: Float = 0
        let good = examples.reduce(0) { $0 + ($1.isGood ? 1 : 0) }
        let side = (
            good: Float(examples.count) / Float(max(1, 2 * good)),
            bad: Float(examples.count) / Float(max(1, 2 * (examples.count - good)))
        )
        var order = Array(examples.indices)
        let steps = epochs * examples.count
        var step = 0
        for epoch in 0..<epochs {
            shuffle(&order, seed &+ UInt64(epoch))
            for place in order {
                let example = examples[place]
                guard !example.features.isEmpty else { continue }
                let scale = 1 / Float(example.features.count).squareRoot()
                let sum = example.features.reduce(Float(0)) { $0 + weights[Int($1)] }
                let share = 1 / (1 + exp(-(bias + sum * scale)))
                let error = (example.isGood ? 1 - share : -share) * (example.isGood ? side.good : side.bad)
                let change = rate * (1 - Float(step) / Float(steps)) * error
                for feature in example.features { weights[Int(feature)] += change * scale }
                bias += change * 0.01
                step += 1
            }
        }
        return LinearClassifier(weights: weights, bias: bias)
    }

    private static func shuffle(_ order: inout [Int], _ seed: UInt64) {
        var state = seed
        for place in stride(from: order.count - 1, to: 0, by: -1) {
            state = Hashing.mix(state &+ UInt64(place))
            order.swapAt(place, Int(state % UInt64(place + 1)))
        }
    }

    package func scores(_ examples: [Example], thresholds: [Double]) -> [Score] {
        let shares = examples.map { (share: share($0.features), isGood: $0.isGood) }
        let good = shares.reduce(0) { $0 + ($1.isGood ? 1 : 0) }
        return thresholds.map { threshold in
            let chosen = shares.filter { $0.share >= threshold }
            let right = chosen.reduce(0) { $0 + ($1.isGood ? 1 : 0) }
            return Score(
                threshold: threshold, precision: chosen.isEmpty ? 1 : Double(right) / Double(chosen.count),
                recall: good == 0 ? 0 : Double(right) / Double(good), examples: shares.count)
        }
    }
}
