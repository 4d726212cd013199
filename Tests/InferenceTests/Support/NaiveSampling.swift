import Foundation
import Inference

/// The filters as their definitions say, with full sorts and double precision: the oracle of the fast ones.
enum NaiveSampling {
    typealias Weighted = (token: Int32, probability: Double)

    static func ranked(_ tokens: [Weighted]) -> [Weighted] {
        tokens.sorted { ($0.probability, -$0.token) > ($1.probability, -$1.token) }
    }

    static func topK(_ tokens: [Weighted], _ count: Int) -> [Weighted] { Array(ranked(tokens).prefix(max(1, count))) }

    static func topP(_ tokens: [Weighted], _ share: Double) -> [Weighted] {
        prefix(ranked(tokens), mass: share * mass(tokens))
    }

    static func minP(_ tokens: [Weighted], _ share: Double) -> [Weighted] {
        let best = tokens.map(\.probability).max() ?? 0
        return tokens.filter { Float($0.probability) >= Float(share) * Float(best) }
    }

    static func typical(_ tokens: [Weighted], _ share: Double) -> [Weighted] {
        let total = mass(tokens)
        let surprises = tokens.map { -log($0.probability / total) }
        let entropy = zip(tokens, surprises).reduce(0) { sum, pair in
            pair.0.probability > 0 ? sum + pair.0.probability / total * pair.1 : sum
        }
        let order = tokens.indices.sorted {
            (Float(abs(surprises[$0] - entropy)), $0) < (Float(abs(surprises[$1] - entropy)), $1)
        }
        return prefix(order.map { tokens[$0] }, mass: share * total)
    }

    static func mass(_ tokens: [Weighted]) -> Double { tokens.reduce(0) { $0 + $1.probability } }

    private static func prefix(_ tokens: [Weighted], mass: Double) -> [Weighted] {
        var kept: [Weighted] = []
        var sum = 0.0
        for token in tokens where kept.isEmpty || sum < mass {
            kept.append(token)
            sum += token.probability
        }
        return kept
    }
}

/// Random distributions, flat and peaked, with ties and zeros.
enum RandomDistributions {
    static func probabilities(_ count: Int, using random: inout RandomSource) -> [Float] {
        let sharpness = Float.random(in: 0...12, using: &random)
        let isCoarse = Int.random(in: 0..<4, using: &random) == 0
        var values = (0..<count).map { _ in
            let value = exp(-sharpness * Float(random.uniform()))
            return isCoarse ? (value * 8).rounded() / 8 : value
        }
        if values.allSatisfy({ $0 == 0 }) { values[0] = 1 }
        return values
    }

    static func weighted(_ values: [Float]) -> [NaiveSampling.Weighted] {
        values.enumerated().map { (Int32($0), Double($1)) }
    }

    static func candidates(_ values: [Float]) -> Candidates {
        Candidates(keys: values.enumerated().map { Selection.key($1, $0) })
    }
}
