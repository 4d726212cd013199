/// Answers to one task and what they are worth.
package struct AnswerGroup: Sendable {
    package let prompt: [Int32]
    package let answers: [Rollout]
    package let rewards: [Double]
    /// Answers about which nothing could be found out; they are worth 0.
    package let unjudged: Int

    package init(prompt: [Int32], answers: [Rollout], rewards: [Double], unjudged: Int = 0) {
        (self.prompt, self.answers, self.rewards, self.unjudged) = (prompt, answers, rewards, unjudged)
    }

    /// They are all worth the same: nothing says which of them to prefer.
    package var isDegenerate: Bool { rewards.allSatisfy { $0 == rewards[0] } }

    package var mean: Double { rewards.reduce(0, +) / Double(rewards.count) }

    package var variance: Double {
        let mean = mean
        return rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rewards.count)
    }

    /// How much better each answer is than the group's mean, in standard deviations or as it is:
    ///
    ///     A = (r - mean r) / (std r + 0.0001)
    ///
    /// The division makes tasks count the same whatever their rewards' range, and those that are nearly always or
    /// nearly never solved more than others (Liu et al., 2025, leave it out for that).
    package func advantages(standardized: Bool) -> [Double] {
        let mean = mean
        let scale = standardized ? 1 / (variance.squareRoot() + Self.deviationMin) : 1
        return rewards.map { ($0 - mean) * scale }
    }

    private static let deviationMin = 1e-4
}
