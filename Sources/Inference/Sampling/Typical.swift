#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Locally typical sampling: with q the probabilities scaled to add up to 1 and H = -Σ q log q, tokens are ranked
/// by |-log q - H|, smallest first, and the shortest run whose q add up to `share` stays, at least one.
package enum Typical {
    package static func apply(_ share: Float, to candidates: inout Candidates) {
        let keys = candidates.keys
        let mass = candidates.mass
        guard mass > 0 else { return }
        // log q of each; a token of no probability has infinite surprise and comes last.
        let logs = keys.map { log(Double(Selection.probability($0)) / mass) }
        var entropy = 0.0
        for value in logs where value > -.infinity { entropy -= exp(value) * value }
        // Larger key, smaller deviation: the deviation's bits are inverted.
        var ranked = logs.enumerated().map { place, value in
            UInt64(~Float(abs(-value - entropy)).bitPattern) << 32 | UInt64(~UInt32(truncatingIfNeeded: place))
        }
        Selection.keepMass(Double(share) * mass, of: &ranked) {
            Double(Selection.probability(keys[Int(Selection.token($0))]))
        }
        candidates.keys = ranked.map { keys[Int(Selection.token($0))] }
    }
}
