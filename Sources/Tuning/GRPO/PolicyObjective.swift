import Foundation

/// What a token of an answer counts in the gradient: GRPO (Shao et al., 2024) with one update for each batch of
/// answers.
///
///     loss = -(1 / N) Σ w A log p(t) + β k            k = p₀/p - log(p₀/p) - 1
///
/// N is the number of tokens of all answers, so that a token counts the same in a long answer as in a short one (Yu et
/// al., 2025). k estimates the divergence from the model that the run began with (Schulman's k3). w = p / q, at most
/// 2, makes up for the engine having sampled from q, its own weights being quantised (Yao et al., 2025).
package struct PolicyObjective: Sendable {
    package let beta: Double
    package static let ratioMax = 2.0

    package init(beta: Double) { self.beta = beta }

    /// Exponents are held within what doubles bear.
    private static let exponentMax = 20.0

    /// A token by the network, by the engine that sampled it, and by the start: nats.
    package struct Token {
        package var nats: Double
        /// Nil leaves w at 1.
        package var sampledNats: Double?
        package var startNats: Double?
        package var advantage: Double

        package init(nats: Double, sampledNats: Double?, startNats: Double?, advantage: Double) {
            (self.nats, self.sampledNats) = (nats, sampledNats)
            (self.startNats, self.advantage) = (startNats, advantage)
        }
    }

    /// d loss / d nats · N.
    package func weight(_ token: Token) -> Double {
        let slope = token.startNats.map { 1 - Self.ratio(token.nats - $0) } ?? 0
        return correction(token) * token.advantage - beta * slope
    }

    /// loss · N, w taken as a constant; the first term is what its gradient is of.
    package func loss(_ token: Token) -> Double {
        correction(token) * token.advantage * token.nats + beta * divergence(token)
    }

    /// k, never negative.
    package func divergence(_ token: Token) -> Double {
        guard let start = token.startNats else { return 0 }
        let difference = token.nats - start
        return Self.ratio(difference) - difference - 1
    }

    private func correction(_ token: Token) -> Double {
        min(Self.ratioMax, token.sampledNats.map { Self.ratio($0 - token.nats) } ?? 1)
    }

    private static func ratio(_ nats: Double) -> Double { exp(min(exponentMax, nats)) }
}
