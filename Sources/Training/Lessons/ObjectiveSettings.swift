import Kernels

/// What preferences and rewards are learnt by; each stage has its own of these.
package struct ObjectiveSettings: Codable, Equatable, Sendable {
    /// How dear it is to move away from the start: DPO, KTO, GRPO.
    package var beta: Double?
    /// Share of pairs that may be the wrong way round: DPO.
    package var labelSmoothing: Double?
    /// Of the chosen answers' own loss, a token, besides: DPO.
    package var imitation: Double?
    /// What an answer that was liked counts, and one that was not: KTO.
    package var goodWeight: Double?
    package var badWeight: Double?
    /// Whose probabilities are learnt: distillation.
    package var teacher: BaseReference?
    /// What they count; the examples' own tokens count the rest.
    package var alpha: Double?
    /// Logits are divided by it: of both models in distillation, of answers that GRPO samples.
    package var temperature: Double?
    /// Tokens of a distribution that are kept.
    package var teacherTokens: Int?
    /// Pairs, judged answers, or tasks of a step.
    package var groupsPerStep: Int?
    /// Answers to a task, and tokens of each at most: GRPO.
    package var answersPerTask: Int?
    package var answerTokensMax: Int?
    /// Advantages are divided by the deviation of their group's rewards: GRPO.
    package var standardizes: Bool?
    /// Of what is held out a validation answers so many: GRPO.
    package var validationTasksMax: Int?
    /// SHA-256 of the run's tasks.jsonl: GRPO.
    package var tasksHash: String?

    package init() {}

    static let betaMax = 100.0
    static let temperatureMax = 20.0
    static let groupsMax = 4096

    /// Where nothing is said.
    package static let tasksPerStep = 8
    package static let answersPerTask = 8
    package static let answerTokensMax = 256
    package static let validationTasksMax = 128
    private static let answersMax = 1024
    /// Answers that GRPO writes at once: steps with more take longer in proportion.
    package static let answersAtOnce = 32

    /// - Throws: `TrainingError.invalidSetting` naming the first setting that cannot be.
    package func check() throws(TrainingError) {
        func demand(_ name: String, _ value: Double?, _ range: ClosedRange<Double>) throws(TrainingError) {
            guard let value, !range.contains(value) else { return }
            throw .invalidSetting(
                name: name, expected: "\(Text.number(range.lowerBound))…\(Text.number(range.upperBound))",
                actual: "\(value)")
        }
        try demand("beta", beta, 0...Self.betaMax)
        try demand("label-smoothing", labelSmoothing, 0...0.5)
        try demand("imitation", imitation, 0...Self.betaMax)
        try demand("good-weight", goodWeight, 0...Self.betaMax)
        try demand("bad-weight", badWeight, 0...Self.betaMax)
        try demand("alpha", alpha, 0...1)
        try demand("temperature", temperature, 0.1...Self.temperatureMax)
        try demand("teacher-tokens", teacherTokens.map(Double.init), 1...Double(TrainingOperations.Teacher.countMax))
        try demand("batch", groupsPerStep.map(Double.init), 1...Double(Self.groupsMax))
        try demand("answers", answersPerTask.map(Double.init), 2...Double(Self.answersMax))
        try demand("max-tokens", answerTokensMax.map(Double.init), 1...Double(RunConfiguration.sequenceMax))
    }
}
