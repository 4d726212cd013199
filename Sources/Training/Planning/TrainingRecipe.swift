import Foundation

/// How fast to learn, and from how much at a time.
///
///     learning rate  0.3118 C^-0.125        at most 0.003
///     batch          0.2920 C^0.3271 tokens
///
/// C is the compute of the whole run, FLOPs (DeepSeek LLM, 2024, arXiv:2401.02954, section 3.1; fitted between 1e17 and
/// 2e19). Runs on a small machine lie below that range, where the rate is capped: the rules are extrapolated there.
package struct TrainingRecipe: Sendable, Equatable {
    package var learningRate: Double
    /// Tokens of one step, whole rows.
    package var batchTokens: Int
    package var warmupSteps: Int
    package var steps: Int

    private static let learningRateMax = 3e-3
    private static let warmupShare = 0.02
    private static let warmupStepsMax = 2000

    package init(flops: Double, tokens: Double, sequence: Int) {
        learningRate = min(Self.learningRateMax, 0.3118 * pow(max(1, flops), -0.125))
        let rows = (0.2920 * pow(max(1, flops), 0.3271) / Double(max(1, sequence))).rounded()
        batchTokens = max(1, Int(min(rows, 1e9))) * max(1, sequence)
        steps = max(1, Int(min(tokens / Double(batchTokens), 1e15).rounded(.up)))
        warmupSteps = min(Self.warmupStepsMax, max(1, Int(Double(steps) * Self.warmupShare)))
    }
}
