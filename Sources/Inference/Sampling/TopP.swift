/// The nucleus: the shortest run of most probable tokens whose probabilities add up to `share` of all, at least one.
package enum TopP {
    /// - Parameter mass: what `share` is a share of; the candidates' own sum unless some were left out already.
    package static func apply(_ share: Float, to candidates: inout Candidates, mass: Double? = nil) {
        Selection.keepMass(Double(share) * (mass ?? candidates.mass), of: &candidates.keys) {
            Double(Selection.probability($0))
        }
    }
}
