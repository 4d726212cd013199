import Kernels
import Model

/// What a user says of a tuning run; what is left out follows from the model and the examples.
package struct TuningSettings: Sendable {
    /// What is said of any run: steps, learning rate, seed and so on.
    package var common = TrainSettings()
    /// Nil for supervised tuning.
    package var stage: RunStage?
    package var objective = ObjectiveSettings()
    /// How often each example is learnt; steps go before it.
    package var epochs: Double?
    /// Nil for all weights.
    package var adapter: AdapterSettings?
    package var panelBytesMax: Int?

    package init() {}

    /// Of a frozen base's panels, unless told: 1.5B parameters are tuned within 8 GB.
    package static let panelBytesMax = 4 << 30
    /// Activations that are kept between the passes are at most so many bytes; else more is computed again.
    private static let activationBytesMax = 1 << 30
    private static let epochs = 3.0
    private static let sequence = 1024
    private static let batchTokens = 2048
    /// An adapter's matrices start at zero and are few: they take steps that would ruin a model's own.
    private static let learningRates = (whole: 1e-5, adapter: 2e-4)
    /// What is liked is learnt from few examples that say much: smaller steps.
    private static let preferenceRates = (whole: 1e-6, adapter: 5e-5)
    private static let groupsPerStep = 8
    /// Two rows have room for any pair.
    private static let groupRowsMin = 2
    private static let warmupShare = 0.05
    private static let intervalMax = 50
    private static let heldOutShare = 0.05
    private static let heldOutGroups = 0.1
    /// Steps have few examples, each of which may be unlike the others: that alone is no reason to skip one.
    private static let deviationsMax = 12.0

    /// - Parameters:
    ///   - examples: all of them.
    ///   - threads: where nothing is said.
    package func resolved(
        base: BaseReference, model: ModelConfiguration, data: [String], examples: LabelledExamples, threads: Int
    ) throws(TrainingError) -> RunConfiguration {
        let sequence = sequence(model)
        let isGrouped = examples.labels != nil
        var rows = max(1, (common.batchTokens ?? Self.batchTokens) / sequence)
        if isGrouped { rows = common.microRows ?? max(Self.groupRowsMin, rows) }
        let groups = objective.groupsPerStep ?? Self.groupsPerStep
        let perEpoch =
            isGrouped
            ? Double(examples.groups) / Double(max(1, groups)) : Double(examples.tokens) / Double(rows * sequence)
        let fromEpochs = max(1, Int((try checkedEpochs() * perEpoch).rounded(.up)))
        let steps = common.steps ?? fromEpochs
        let interval = max(1, min(Self.intervalMax, steps / 10))
        var configuration = RunConfiguration(
            model: ModelShape(model), data: data.map { DataPath(path: $0) }, tokenizer: base.tokenizerFolder ?? "",
            cache: "", steps: steps, sequence: sequence, rows: rows,
            microRows: isGrouped
                ? rows : common.microRows ?? TrainSettings.microRows(rows, sequence, tokensMax: sequence),
            threads: common.threads ?? threads, schedule: schedule(steps: steps),
            saveEvery: common.saveEvery ?? interval, validateEvery: common.validateEvery ?? interval, sampleEvery: 0)
        configuration.kind = stage ?? (adapter == nil ? .sft : .lora)
        (configuration.base, configuration.adapter) = (base, adapter)
        configuration.panelBytesMax = adapter == nil ? nil : panelBytesMax ?? Self.panelBytesMax
        if stage != nil {
            configuration.objective = objective
            if isGrouped { configuration.objective?.groupsPerStep = groups }
        }
        configuration.optimizer = RunConfiguration.Optimizer(optimizer)
        configuration.precision = TrainingKernels.multipliesBFloat ? .bf16 : .fp32
        configuration.heldOutShare = isGrouped ? Self.heldOutGroups : Self.heldOutShare
        // Losses of preferences fall by orders of magnitude: that is no reason to skip a step.
        configuration.guards.deviationsMax = isGrouped ? 0 : Self.deviationsMax
        common.apply(to: &configuration)
        if common.recompute == nil {
            configuration.recompute = Self.recomputation(
                model, configuration.microRows * sequence, configuration.precision)
        }
        try configuration.check()
        return configuration
    }

    private func checkedEpochs() throws(TrainingError) -> Double {
        let epochs = epochs ?? Self.epochs
        guard epochs > 0, epochs <= 1e6 else {
            throw .invalidSetting(name: "epochs", expected: "above 0, at most 1000000", actual: "\(epochs)")
        }
        return epochs
    }

    private var optimizer: OptimizerSettings {
        var settings = OptimizerSettings(kind: common.optimizer ?? .adamw)
        settings.beta2 = 0.999
        settings.weightDecay = Float(common.weightDecay ?? (adapter == nil ? 0.01 : 0))
        return settings
    }

    private func schedule(steps: Int) -> Schedule {
        let rates = stage == .dpo || stage == .kto ? Self.preferenceRates : Self.learningRates
        return Schedule(
            kind: common.schedule ?? .warmupStableDecay,
            peak: common.learningRate ?? (adapter == nil ? rates.whole : rates.adapter), steps: steps,
            warmup: common.warmup ?? max(1, Int((Double(steps) * Self.warmupShare).rounded())),
            decayFrom: common.decayFrom, decaySteps: common.decaySteps)
    }

    /// Tokens of a row for this model, unless told.
    package func sequence(_ model: ModelConfiguration) -> Int {
        common.seq ?? min(Self.sequence, model.contextTokens)
    }

    /// The least that is computed twice while activations stay small.
    static func recomputation(_ c: ModelConfiguration, _ tokens: Int, _ precision: Precision) -> Recomputation {
        let attention = 3 * c.heads * c.keyDim + 4 * c.kvHeads * c.keyDim
        let kept = tokens * c.layers * (8 * c.embeddingDim + attention * precision.bytes)
        let inner = tokens * c.layers * 2 * c.feedForwardDim * precision.bytes
        if kept + inner <= activationBytesMax { return .none }
        return kept <= activationBytesMax ? .feedForward : .all
    }
}
