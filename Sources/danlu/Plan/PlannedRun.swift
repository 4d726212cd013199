import JSON
import Training

/// A run beside what a plan says of it.
struct PlannedRun {
    let summary: RunSummary

    init(_ path: String) throws {
        summary = try RunSummary(RunFolder(path: path))
        guard summary.seconds > 0, summary.tokens > 0 else {
            throw TerminalError.cannotRead(
                path: path, reason: Language.text(zh: "还没有训练过一步", en: "no step has been trained yet"))
        }
    }

    /// Of training alone, all steps together; saving and validation are not in it.
    var tokensPerSecond: Double { Double(summary.tokens) / summary.seconds }

    /// The plan of this run, for a machine that is still to be found.
    func plan(prices: TrainingPlan.Prices) -> TrainingPlan {
        let configuration = summary.configuration
        return TrainingPlan(
            model: configuration.model.configuration, tokens: Double(configuration.steps * configuration.batchTokens),
            machine: Machine(name: "", peakFlops: 1, utilisation: 1, source: ""), precision: configuration.precision,
            optimizer: configuration.optimizer.kind, recompute: configuration.recompute,
            sequence: configuration.sequence, microBatchTokens: configuration.microRows * configuration.sequence,
            prices: prices)
    }

    func text(_ plan: TrainingPlan) -> String {
        "\(Quantity.text(tokensPerSecond))"
            + Language.text(zh: " 词元每秒（实际，", en: " tokens/s measured over ")
            + Language.duration(summary.seconds)
            + Language.text(zh: "）；预计 ", en: "; planned ") + Quantity.text(plan.tokensPerSecond)
            + Language.text(zh: "，误差 ", en: ", off by ") + Self.percent(error(plan))
    }

    func json(_ plan: TrainingPlan) -> JSONValue {
        [
            "name": .string(summary.folder.name), "tokens": .int(summary.tokens), "seconds": .double(summary.seconds),
            "tokens_per_second": .double(tokensPerSecond), "planned_tokens_per_second": .double(plan.tokensPerSecond),
            "error": .double(error(plan)),
        ]
    }

    private func error(_ plan: TrainingPlan) -> Double { plan.error(measuredTokensPerSecond: tokensPerSecond) }

    private static func percent(_ part: Double) -> String {
        "\(part < 0 ? "-" : "+")\(Int((abs(part) * 100).rounded())) %"
    }
}
