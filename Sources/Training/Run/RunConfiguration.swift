/// Everything that a run is told: config.json of its folder.
package struct RunConfiguration: Codable, Equatable, Sendable {
    package struct Optimizer: Codable, Equatable, Sendable {
        package var kind: OptimizerSettings.Kind
        package var beta1: Float
        package var beta2: Float
        package var epsilon: Float
        package var weightDecay: Float
        package var momentum: Float

        package init(_ settings: OptimizerSettings) {
            kind = settings.kind
            beta1 = settings.beta1
            beta2 = settings.beta2
            epsilon = settings.epsilon
            weightDecay = settings.weightDecay
            momentum = settings.momentum
        }

        package var settings: OptimizerSettings {
            var settings = OptimizerSettings(kind: kind)
            settings.beta1 = beta1
            settings.beta2 = beta2
            settings.epsilon = epsilon
            settings.weightDecay = weightDecay
            settings.momentum = momentum
            return settings
        }
    }

    package var format = RunConfiguration.currentFormat
    /// Nil for pretraining: what runs were before there were others.
    package var kind: RunStage?
    /// What tuning starts from.
    package var base: BaseReference?
    package var adapter: AdapterSettings?
    /// Of stages that learn more than the next token.
    package var objective: ObjectiveSettings?
    /// How much of a frozen base is kept expanded in memory.
    package var panelBytesMax: Int?
    package var model: ModelShape
    package var data: [DataPath]
    /// The folder that the tokenizer came from; the run has a copy.
    package var tokenizer: String
    /// The folder of token shards.
    package var cache: String
    package var seed: UInt64 = 1
    package var steps: Int
    /// Tokens of a row.
    package var sequence: Int
    /// Rows of a step.
    package var rows: Int
    /// Rows that are computed at once; a divisor of `rows`.
    package var microRows: Int
    package var precision = Precision.fp32
    package var recompute = Recomputation.none
    package var threads: Int
    package var optimizer = Optimizer(OptimizerSettings(kind: .adamw))
    package var schedule: Schedule
    /// The gradient's norm is brought down to this; 0 leaves it.
    package var clip = 1.0
    package var guards = GuardSettings()

    /// Share of documents that are never trained on.
    package var heldOutShare = 0.01
    /// Tokens of each language that a validation reads.
    package var validationTokens = 50_000
    package var brokenLinesMax = 0

    /// Intervals in steps; 0 for never.
    package var logEvery = 1
    package var saveEvery: Int
    package var milestoneEvery = 0
    package var validateEvery: Int
    package var sampleEvery: Int
    /// Checkpoints that are kept besides milestones.
    package var keep = 2
    package var prompts: [String] = []
    package var sampleTokens = 48

    package init(
        model: ModelShape, data: [DataPath], tokenizer: String, cache: String, steps: Int, sequence: Int, rows: Int,
        microRows: Int, threads: Int, schedule: Schedule, saveEvery: Int, validateEvery: Int, sampleEvery: Int
    ) {
        self.model = model
        self.data = data
        self.tokenizer = tokenizer
        self.cache = cache
        self.steps = steps
        self.sequence = sequence
        self.rows = rows
        self.microRows = microRows
        self.threads = threads
        self.schedule = schedule
        self.saveEvery = saveEvery
        self.validateEvery = validateEvery
        self.sampleEvery = sampleEvery
    }

    static let currentFormat = "danlu-run-1"

    package var stage: RunStage { kind ?? .pretrain }
    package var batchTokens: Int { rows * sequence }
    package var microBatches: Int { rows / microRows }

    /// SHA-256 over what the weights depend on. How long the run is and how it is watched may change.
    package var hash: String {
        get throws(TrainingError) {
            var numeric = self
            (numeric.cache, numeric.tokenizer, numeric.data) = ("", "", [])
            numeric.base?.path = ""
            numeric.panelBytesMax = nil
            (numeric.steps, numeric.threads, numeric.microRows, numeric.recompute) = (0, 0, 0, .none)
            numeric.schedule = Schedule(kind: .warmupStableDecay, peak: 0, steps: 0, warmup: 0)
            (numeric.logEvery, numeric.saveEvery, numeric.milestoneEvery) = (0, 0, 0)
            (numeric.validateEvery, numeric.sampleEvery, numeric.keep) = (0, 0, 0)
            (numeric.prompts, numeric.sampleTokens, numeric.validationTokens) = ([], 0, 0)
            return Files.sha256(try Files.json(numeric))
        }
    }
}

extension OptimizerSettings.Kind: Codable {}
extension Precision: Codable {}
extension Recomputation: Codable {}
