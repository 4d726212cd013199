import Kernels
import Model

/// What a user says of a tuning run; what is left out follows from the model and the examples.
package struct TuningSettings: Sendable {
    /// What is said of any run: steps, learning rate, seed and so on.
    package var common = TrainSettings()
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
    private static let warmupShare = 0.05
    private static let intervalMax = 50
    private static let heldOutShare = 0.05
    /// Steps have few examples, each of which may be unlike the others: that alone is no reason to skip one.
    private static let deviationsMax = 12.0

    /// - Parameters:
    ///   - exampleTokens: of all examples together.
    ///   - threads: where nothing is said.
    package func resolved(
        base: BaseReference, model: ModelConfiguration, data: [String], exampleTokens: Int, threads: Int
    ) throws(TrainingError) -> RunConfiguration {
        let sequence = sequence(model)
        let rows = max(1, (common.batchTokens ?? Self.batchTokens) / sequence)
        let epochs = epochs ?? Self.epochs
        guard epochs > 0, epochs <= 1e6 else {
            throw .invalidSetting(name: "epochs", expected: "above 0, at most 1000000", actual: "\(epochs)")
        }
        let steps = common.steps ?? max(1, Int((epochs * Double(exampleTokens) / Double(rows * sequence)).rounded(.up)))
        var settings = OptimizerSettings(kind: common.optimizer ?? .adamw)
        settings.beta2 = 0.999
        settings.weightDecay = Float(common.weightDecay ?? (adapter == nil ? 0.01 : 0))
        let interval = max(1, min(Self.intervalMax, steps / 10))
        let rate = adapter == nil ? Self.learningRates.whole : Self.learningRates.adapter
        let warmup = common.warmup ?? max(1, Int((Double(steps) * Self.warmupShare).rounded()))
        var configuration = RunConfiguration(
            model: ModelShape(model), data: data.map { DataPath(path: $0) }, tokenizer: base.tokenizerFolder ?? "",
            cache: "", steps: steps, sequence: sequence, rows: rows,
            microRows: common.microRows ?? TrainSettings.microRows(rows, sequence, tokensMax: sequence),
            threads: common.threads ?? threads,
            schedule: Schedule(
                kind: common.schedule ?? .warmupStableDecay, peak: common.learningRate ?? rate, steps: steps,
                warmup: warmup, decayFrom: common.decayFrom, decaySteps: common.decaySteps),
            saveEvery: common.saveEvery ?? interval, validateEvery: common.validateEvery ?? interval, sampleEvery: 0)
        configuration.kind = adapter == nil ? .sft : .lora
        (configuration.base, configuration.adapter) = (base, adapter)
        configuration.panelBytesMax = adapter == nil ? nil : panelBytesMax ?? Self.panelBytesMax
        configuration.optimizer = RunConfiguration.Optimizer(settings)
        configuration.precision = TrainingKernels.multipliesBFloat ? .bf16 : .fp32
        configuration.heldOutShare = Self.heldOutShare
        configuration.guards.deviationsMax = Self.deviationsMax
        common.apply(to: &configuration)
        if common.recompute == nil {
            configuration.recompute = Self.recomputation(
                model, configuration.microRows * sequence, configuration.precision)
        }
        try configuration.check()
        return configuration
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
