import Foundation
import Kernels

/// Chooses tokens from a draft model's logits as the request will from the model's: with the same random numbers,
/// penalties and form, so that the two agree wherever the models do. A copy goes its own way.
struct DraftChooser {
    var sampler: Sampler
    var constraint: (any TokenConstraintState)?

    /// - Parameter logits: one row, changed by this.
    /// - Returns: the token and the draft model's own probability of it; nil when there is none.
    mutating func next(_ logits: Matrix, scratch: SamplingScratch) -> (token: Int32, probability: Float)? {
        let allowed = constraint?.allowed()
        if let allowed, allowed.isEmpty { return nil }
        guard case .token(let token, let score) = sampler.next(logits, allowed: allowed, scratch: scratch) else {
            return nil
        }
        constraint?.accept(token)
        return (token, exp(score?.logProbability ?? -.infinity))
    }
}
