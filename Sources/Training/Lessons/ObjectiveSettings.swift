import Kernels

/// What preferences are learnt by; each stage has its own of these.
package struct ObjectiveSettings: Codable, Equatable, Sendable {
    /// How dear it is to move away from the start: DPO, KTO.
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
    /// Logits of both are divided by it.
    package var temperature: Double?
    /// Tokens of a distribution that are kept.
    package var teacherTokens: Int?
    /// Pairs, or judged answers, of a step.
    package var groupsPerStep: Int?

    package init() {}

    static let betaMax = 100.0
    static let temperatureMax = 20.0
    static let groupsMax = 4096

    /// - Throws: `TrainingError.invalidSetting` naming the first setting that cannot be.
    func check() throws(TrainingError) {
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
    }
}
