import Model

extension TrainSettings {
    /// Rows of a micro-batch are so many that it has about this many tokens: enough for products to be fast, few enough
    /// for activations to stay small.
    private static let microBatchTokens = 8192
    private static let intervalMax = 500

    /// Fills in what was left out.
    ///
    /// - Parameters:
    ///   - cache: the folder of token shards.
    ///   - threads: where nothing is said.
    package func resolved(cache: String, threads: Int) throws(TrainingError) -> RunConfiguration {
        guard let tokenizer else { throw .invalidSetting(name: "tokenizer", expected: "a folder", actual: "nothing") }
        let data = try dataPaths()
        let vocabulary = try TrainingTokenizer(folder: tokenizer).tokenizer.vocabularySize
        let model = try model(vocabulary)
        let sequence = model.contextTokens
        let work = TrainingWork(model, sequence: sequence)
        let total = try totalTokens() ?? TrainingPlan.chinchillaRatio * Double(work.parameters)
        let recipe = TrainingRecipe(
            flops: work.flopsPerToken * total, tokens: total, sequence: sequence)
        let rows = max(1, (batchTokens ?? recipe.batchTokens) / sequence)
        let steps = steps ?? max(1, Int((total / Double(rows * sequence)).rounded(.up)))
        let microRows = microRows ?? Self.microRows(rows, sequence)
        let interval = max(1, min(Self.intervalMax, steps / 20))
        var settings = OptimizerSettings(kind: optimizer ?? .adamw)
        if let weightDecay { settings.weightDecay = Float(weightDecay) }
        var configuration = RunConfiguration(
            model: ModelShape(model), data: data, tokenizer: tokenizer, cache: cache, steps: steps,
            sequence: sequence, rows: rows, microRows: microRows, threads: self.threads ?? threads,
            schedule: Schedule(
                kind: schedule ?? .warmupStableDecay, peak: learningRate ?? recipe.learningRate, steps: steps,
                warmup: warmup, decayFrom: decayFrom, decaySteps: decaySteps),
            saveEvery: saveEvery ?? interval, validateEvery: validateEvery ?? interval,
            sampleEvery: sampleEvery ?? interval * 2)
        configuration.optimizer = RunConfiguration.Optimizer(settings)
        configuration.prompts = ["春", "Once"]
        apply(to: &configuration)
        try configuration.check()
        return configuration
    }

    /// What is said of any run.
    func apply(to configuration: inout RunConfiguration) {
        configuration.seed = seed ?? configuration.seed
        configuration.precision = precision ?? configuration.precision
        configuration.recompute = recompute ?? configuration.recompute
        configuration.clip = clip ?? configuration.clip
        configuration.heldOutShare = heldOut ?? configuration.heldOutShare
        configuration.brokenLinesMax = brokenLines ?? configuration.brokenLinesMax
        configuration.logEvery = logEvery ?? configuration.logEvery
        configuration.milestoneEvery = milestoneEvery ?? configuration.milestoneEvery
        configuration.keep = keep ?? configuration.keep
        configuration.prompts = prompts ?? configuration.prompts
        configuration.guards = guards ?? configuration.guards
    }

    private func dataPaths() throws(TrainingError) -> [DataPath] {
        var paths: [DataPath] = []
        for argument in data ?? [] {
            guard let path = DataPath(argument: argument) else {
                throw .invalidSetting(name: "data", expected: "PATH=WEIGHT with a weight above 0", actual: argument)
            }
            paths.append(path)
        }
        guard !paths.isEmpty else { throw .invalidSetting(name: "data", expected: "a path", actual: "nothing") }
        let weighted = paths.count { $0.weight != nil }
        guard weighted == 0 || weighted == paths.count else {
            throw .invalidSetting(
                name: "data", expected: "weights for all paths or for none", actual: "\(weighted) of \(paths.count)")
        }
        return paths
    }

    private func model(_ vocabulary: Int) throws(TrainingError) -> ModelConfiguration {
        if let size {
            guard layers == nil, dim == nil, heads == nil, kvHeads == nil, headDim == nil, feedForwardDim == nil else {
                throw .invalidSetting(
                    name: "size", expected: "a size, or layers and dim", actual: "both")
            }
            guard let parameters = Quantity.parse(size) else {
                throw .invalidSetting(name: "size", expected: "a number of parameters such as 3M", actual: size)
            }
            return try SizeDial.configuration(
                parameters: Int(parameters), vocabularySize: vocabulary, contextTokens: seq)
        }
        guard let layers, let dim else {
            throw .invalidSetting(name: "size", expected: "a size such as 3M, or layers and dim", actual: "nothing")
        }
        return ModelShape(
            layers: layers, dim: dim, heads: heads, kvHeads: kvHeads, headDim: headDim, feedForwardDim: feedForwardDim,
            vocabularySize: vocabulary, contextTokens: seq ?? 256
        ).configuration
    }

    private func totalTokens() throws(TrainingError) -> Double? {
        guard let tokens else { return nil }
        guard steps == nil else {
            throw .invalidSetting(name: "tokens", expected: "tokens or steps", actual: "both")
        }
        guard let total = Quantity.parse(tokens) else {
            throw .invalidSetting(name: "tokens", expected: "a number such as 60M", actual: tokens)
        }
        return total
    }

    /// The largest divisor of `rows` that keeps a micro-batch small.
    static func microRows(_ rows: Int, _ sequence: Int, tokensMax: Int = microBatchTokens) -> Int {
        let most = max(1, min(rows, tokensMax / sequence))
        return (1...most).last { rows % $0 == 0 } ?? 1
    }
}
