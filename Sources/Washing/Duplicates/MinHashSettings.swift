import Foundation

/// How near duplicates are found.
///
/// A text is a set of shingles: `wordsInShingle` words in a row or `charactersInShingle` Han characters, or a mixture
/// in proportion. The share of shingles that two texts have in common, of all that either has, is their similarity J
/// (Jaccard). Texts are candidates when one of `bands` bands of `rows` minima agrees, which happens with probability
/// 1 - (1 - J^rows)^bands; of those, texts are duplicates when a sketch of `bins` minima makes J at least
/// `similarityMin`.
///
/// FineWeb (datatrove) has 14 bands of 8 rows over 5 words and no second look: half of the pairs of J = 0.72 are found,
/// 92 in 100 of J = 0.8. Bands of 6 rows find more; the sketch takes out what they find too much.
package struct MinHashSettings: Equatable, Sendable {
    package var wordsInShingle = 5
    package var charactersInShingle = 8
    package var bands = 20
    package var rows = 6
    package var similarityMin = 0.75
    package var seed: UInt64 = 1

    /// Minima of a signature, each with 4 bits of which in the sketch.
    package static let bins = 256
    package static let sketchBytes = bins / 2
    /// Shingles of one document that are looked at; about 5 MB of text.
    package static let shinglesMax = 1 << 20

    package init() {}

    /// Why these settings cannot be used; nil when they can.
    package var problem: String? {
        if !(1...32).contains(wordsInShingle) || !(1...32).contains(charactersInShingle) {
            return "shingles have 1 to 32 words or characters"
        }
        if bands < 1 || rows < 1 || bands * rows > Self.bins {
            return "bands times rows is 1 to \(Self.bins), not \(bands) times \(rows)"
        }
        return (0...1).contains(similarityMin) ? nil : "a similarity is 0 to 1, not \(similarityMin)"
    }

    /// The probability that two texts of similarity `jaccard` are found and taken for duplicates: the S-curve.
    package func probability(jaccard: Double) -> Double {
        let candidate = 1 - pow(1 - pow(jaccard, Double(rows)), Double(bands))
        return candidate * atLeast(matchesMin, of: Self.bins, each: Self.agreement(jaccard))
    }

    /// Bins of two sketches that must agree. Of unlike bins one in 16 agrees by chance.
    var matchesMin: Int { Int((Self.agreement(similarityMin) * Double(Self.bins)).rounded(.up)) }

    private static func agreement(_ jaccard: Double) -> Double { jaccard + (1 - jaccard) / 16 }

    /// The upper tail of the binomial distribution.
    private func atLeast(_ least: Int, of count: Int, each p: Double) -> Double {
        if p >= 1 { return 1 }
        if p <= 0 { return least <= 0 ? 1 : 0 }
        let n = Double(count)
        return (max(0, least)...max(0, count)).reduce(0) { sum, k in
            let ways = lgamma(n + 1) - lgamma(Double(k) + 1) - lgamma(n - Double(k) + 1)
            return sum + exp(ways + Double(k) * log(p) + (n - Double(k)) * log(1 - p))
        }
    }

    /// What files of signatures must have in common to be compared.
    var tag: UInt64 {
        [wordsInShingle, charactersInShingle, bands, rows].reduce(Mixing.mix(seed)) {
            Mixing.mix($0 ^ UInt64($1) &* Mixing.increment)
        }
    }
}
