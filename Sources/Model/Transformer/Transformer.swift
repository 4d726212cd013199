public import Kernels

/// A decoder-only transformer whose weights are packed for the kernels.
///
///     let model = try Transformer(files, on: pool)
///     let cache = try model.makeCache(tokens: 4096, element: .f16)
///     let workspace = Workspace(model, tokensMax: 512, logitRowsMax: 1)
///     let run = TokenRun(tokens: prompt, firstPosition: 0, pages: pages, wants: .lastLogits)
///     let logits = model.forward([run], cache: cache, workspace: workspace, on: pool).logits
public final class Transformer: Sendable {
    public let configuration: ModelConfiguration
    /// Numbers in all tensors; a shared one counts once.
    public let parameterCount: Int
    /// The mix of types: the file's own name for it (`"Q4_K_M"`), or the type that most bytes have.
    public let quantization: String
    /// Bytes of memory that the packed weights take.
    public let weightBytes: Int

    private let embedding: WeightMatrix
    let blocks: [Block]
    private let outputNorm: Norm
    let head: WeightMatrix
    private let frequencies: [Double]
    private let windowFrequencies: [Double]

    init(
        _ configuration: ModelConfiguration, from source: any TensorSource, quantization: String?,
        on pool: WorkerPool, progress: (@Sendable (Double) -> Void)?
    ) throws(ModelError) {
        var loader = WeightLoader(source, on: pool, progress: progress)
        let (rows, columns) = (configuration.vocabularySize, configuration.embeddingDim)
        var separateHead: WeightMatrix?
        switch configuration.tiesEmbeddings {
        case true: break
        case false: separateHead = try loader.matrix(.head, rows: rows, columns: columns)
        case nil: separateHead = try loader.optionalMatrix(.head, rows: rows, columns: columns)
        }
        let (table, tiedHead) = try loader.embedding(rows: rows, columns: columns, isHead: separateHead == nil)
        embedding = table
        // One of them is there: the table is packed as a head when there is no other.
        head = separateHead ?? tiedHead ?? table
        blocks = try loader.blocks(configuration)
        outputNorm = try loader.norm(.outputNorm, count: columns, configuration)
        let rotary = configuration.rotary
        frequencies = rotary.inverseFrequencies(factors: try loader.rotaryFactors(count: rotary.dimensions / 2))
        windowFrequencies = configuration.windowRotary?.inverseFrequencies() ?? frequencies
        try loader.finish()
        self.configuration = configuration
        self.quantization = quantization ?? loader.dominantType?.name ?? ""
        parameterCount = loader.parameterCount
        weightBytes = loader.weightBytes
    }

    /// A cache for `tokens` positions in all.
    ///
    /// - Throws: `ModelError.kernels` when there is no memory for it.
    public func makeCache(tokens: Int, element: KVStorage.Element) throws(ModelError) -> KVStorage {
        precondition(tokens > 0, "a cache for \(tokens) tokens")
        do {
            return try KVStorage(
                layers: configuration.layers, kvHeads: configuration.kvHeads, keyDim: configuration.keyDim,
                valueDim: configuration.valueDim, pages: (tokens - 1) / KVStorage.pageTokens + 1, element: element)
        } catch {
            throw .kernels(error)
        }
    }

    /// Bytes that one position takes in a cache.
    public func kvBytesPerToken(_ element: KVStorage.Element) -> Int {
        configuration.layers
            * element.bytesPerToken(
                KVStorage.Layer(
                    kvHeads: configuration.kvHeads, keyDim: configuration.keyDim, valueDim: configuration.valueDim))
    }

    /// One step: stores the runs' keys and values in the cache and computes what they want.
    ///
    /// A run's rows have the same bits alone, in any company, and in chunks of any size. The last layer computes
    /// nothing for tokens of which nothing is wanted.
    ///
    /// - Precondition: the workspace and the adapters are this model's, the workspace is large enough, token ids are in
    ///   the vocabulary, and pages cover the runs. One step at a time for a workspace, a cache and a pool.
    public func forward(
        _ runs: [TokenRun], cache: KVStorage, workspace: Workspace, on pool: WorkerPool
    ) -> StepOutput {
        let plan = StepPlan(runs)
        for use in plan.adapted.flatMap(\.uses) {
            precondition(use.adapter.layers.count == blocks.count, "an adapter of another model")
        }
        precondition(
            plan.tokens.count <= workspace.tokensMax && plan.logitRows <= workspace.logitRowsMax,
            "\(plan.tokens.count) tokens and \(plan.logitRows) rows of logits in a workspace for "
                + "\(workspace.tokensMax) and \(workspace.logitRowsMax)")
        let angles = RotaryPositions(
            plan.positions, inverseFrequencies: frequencies, magnitude: configuration.rotary.magnitude)
        let windowAngles = configuration.windowRotary.map {
            RotaryPositions(plan.positions, inverseFrequencies: windowFrequencies, magnitude: $0.magnitude)
        }
        let step = Step(
            plan: plan, cache: cache, workspace: workspace, pool: pool, angles: angles,
            windowAngles: windowAngles ?? angles)
        var x = embed(plan.tokens, workspace)
        for (layer, block) in blocks.enumerated() where x.rows > 0 {
            x = block.forward(x, layer: layer, isLast: layer == blocks.count - 1, step)
        }
        return output(x, runs, step)
    }

    private func embed(_ tokens: [Int32], _ workspace: Workspace) -> Matrix {
        let x = workspace.matrix(workspace.residual, rows: tokens.count, columns: configuration.embeddingDim)
        for (row, token) in tokens.enumerated() { embedding.dequantizedRow(Int(token), into: x, at: row) }
        if configuration.embeddingScale != 1 { Operations.scale(x, by: configuration.embeddingScale) }
        return x
    }

    /// The final norm of the kept rows, those for logits first, and the logits.
    private func output(_ x: Matrix, _ runs: [TokenRun], _ step: Step) -> StepOutput {
        let (plan, workspace) = (step.plan, step.workspace)
        let normed = workspace.matrix(
            workspace.normed, rows: plan.logitRows + plan.hiddenRows, columns: configuration.embeddingDim)
        for (index, run) in runs.enumerated() where !plan.keptRanges[index].isEmpty {
            let first = plan.outputRanges[index].lowerBound + (run.wants == .hiddenStates ? plan.logitRows : 0)
            let target = normed.rows(first..<first + plan.keptRanges[index].count)
            outputNorm.apply(x.rows(plan.keptRanges[index]), into: target, on: step.pool)
        }
        let logits = workspace.matrix(
            workspace.logits, rows: plan.logitRows, columns: configuration.vocabularySize)
        head.multiply(normed.rows(0..<plan.logitRows), into: logits, on: step.pool)
        if let cap = configuration.logitSoftCap { Operations.softCap(logits, cap: cap, on: step.pool) }
        return StepOutput(
            logits: logits, hidden: normed.rows(plan.logitRows..<normed.rows), ranges: plan.outputRanges)
    }
}
