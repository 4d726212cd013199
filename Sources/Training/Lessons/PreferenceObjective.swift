import Foundation

/// An answer as the model and the one it began with see it.
package struct ScoredAnswer: Equatable {
    package var label: ExampleLabel
    /// Nats of its targets.
    package var policy: Double
    package var reference: Double
    package var targets: Int

    package init(label: ExampleLabel, policy: Double, reference: Double, targets: Int) {
        self.label = label
        self.policy = policy
        self.reference = reference
        self.targets = targets
    }

    /// log π(y|x) - log π₀(y|x).
    package var logRatio: Double { reference - policy }
}

/// What answers of a group are to become.
package protocol PreferenceObjective: Sendable {
    /// - Parameters:
    ///   - answers: of one group.
    ///   - drift: mean log-ratio of mismatched answers, not below 0; where the objective asks for it.
    ///   - means: are added to.
    /// - Returns: the group's loss, and its derivative by each answer's nats.
    func loss(
        _ answers: [ScoredAnswer], drift: Double, _ means: inout Means
    ) -> (loss: Double, slopes: [Double])
}

/// -log σ(β (r(chosen) - r(rejected))) of log-ratios r (Rafailov et al., 2023), with label smoothing (Mitchell, 2023),
/// and the chosen answer's own loss besides (Pang et al., 2024).
package struct DirectPreference: PreferenceObjective {
    let beta: Double
    let smoothing: Double
    let imitation: Double

    package init(beta: Double, smoothing: Double, imitation: Double) {
        self.beta = beta
        self.smoothing = smoothing
        self.imitation = imitation
    }

    package func loss(
        _ answers: [ScoredAnswer], drift: Double, _ means: inout Means
    ) -> (loss: Double, slopes: [Double]) {
        guard let better = answers.firstIndex(where: { $0.label == .chosen }),
            let worse = answers.firstIndex(where: { $0.label == .rejected })
        else { return (0, answers.map { _ in 0 }) }
        let (chosen, rejected) = (answers[better], answers[worse])
        let margin = beta * (chosen.logRatio - rejected.logRatio)
        let ownLoss = imitation * chosen.policy / Double(max(1, chosen.targets))
        let loss = (1 - smoothing) * softplus(-margin) + smoothing * softplus(margin) + ownLoss
        let slope = (1 - smoothing) * sigmoid(-margin) - smoothing * sigmoid(margin)
        var slopes = answers.map { _ in 0.0 }
        slopes[better] = beta * slope + imitation / Double(max(1, chosen.targets))
        slopes[worse] = -beta * slope
        means.add("accuracy", margin > 0 ? 1 : 0)
        means.add("margin", margin)
        means.add("reward_chosen", beta * chosen.logRatio)
        means.add("reward_rejected", beta * rejected.logRatio)
        means.add("length_chosen", Double(chosen.targets))
        means.add("length_rejected", Double(rejected.targets))
        for answer in [chosen, rejected] { means.add("kl", -answer.logRatio) }
        return (loss, slopes)
    }
}

/// KTO, after Kahneman and Tversky's prospects: 1 - σ(β (r - z)) of what was liked and 1 - σ(β (z - r)) of what was
/// not, z being how far the model has gone anyway (Ethayarajh et al., 2024).
package struct ProspectPreference: PreferenceObjective {
    let beta: Double
    let goodWeight: Double
    let badWeight: Double

    package init(beta: Double, goodWeight: Double, badWeight: Double) {
        self.beta = beta
        self.goodWeight = goodWeight
        self.badWeight = badWeight
    }

    package func loss(
        _ answers: [ScoredAnswer], drift: Double, _ means: inout Means
    ) -> (loss: Double, slopes: [Double]) {
        var (loss, slopes) = (0.0, [Double]())
        for answer in answers {
            guard answer.label == .good || answer.label == .bad else {
                slopes.append(0)
                continue
            }
            let isGood = answer.label == .good
            let sign = isGood ? 1.0 : -1.0
            let weight = isGood ? goodWeight : badWeight
            let distance = sign * beta * (answer.logRatio - drift)
            let share = sigmoid(distance)
            loss += weight * (1 - share)
            slopes.append(sign * weight * beta * share * (1 - share))
            means.add("accuracy", distance > 0 ? 1 : 0)
            means.add(isGood ? "reward_chosen" : "reward_rejected", beta * answer.logRatio)
            means.add(isGood ? "length_chosen" : "length_rejected", Double(answer.targets))
        }
        return (loss, slopes)
    }
}

func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// log(1 + eˣ), where eˣ overflows too.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
