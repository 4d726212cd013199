/// Tokens with p >= share * max p stay.
package enum MinP {
    package static func apply(_ share: Float, to candidates: inout Candidates) {
        guard let best = candidates.keys.max() else { return }
        let threshold = min(1, share) * Selection.probability(best)
        candidates.keys.removeAll { Selection.probability($0) < threshold }
    }
}
