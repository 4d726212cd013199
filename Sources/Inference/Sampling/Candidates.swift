/// The tokens that are still in the running, with their probabilities (see `Selection` for the keys).
///
/// Probabilities need not add up to 1: each filter works with their sum.
package struct Candidates: Sendable {
    package var keys: [UInt64]

    package init(keys: [UInt64]) { self.keys = keys }

    package var mass: Double { keys.reduce(0) { $0 + Double(Selection.probability($1)) } }

    /// The candidate at the share `uniform` (0 ..< 1) of the whole mass.
    package func draw(_ uniform: Double) -> Int32 {
        var left = uniform * mass
        for key in keys {
            left -= Double(Selection.probability(key))
            if left < 0 { return Selection.token(key) }
        }
        // Rounding: the last one that can come at all. Tokens that a constraint excludes have no probability.
        return Selection.token(keys.last { Selection.probability($0) > 0 } ?? keys[keys.count - 1])
    }
}
