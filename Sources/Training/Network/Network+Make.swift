import Kernels
import Model

extension Network {
    /// A network whose weights are all trained, for micro-batches of up to rows * sequence tokens, rows of up to
    /// `sequence`.
    ///
    /// - Parameters:
    ///   - base: what `initialize` starts from; the head then computes only positions that have a target.
    ///   - hasScore: the parameters have a `score.weight` at their end, for `scores`.
    /// - Throws: `TrainingError.unsupported` for a shape that it does not compute (widths and heads are multiples of
    ///   32); `.kernels` when there is no memory.
    package convenience init(
        configuration: ModelConfiguration, base: BaseModel? = nil, precision: Precision, rows: Int, sequence: Int,
        recompute: Recomputation, hasScore: Bool = false, pool: WorkerPool
    ) throws(TrainingError) {
        let shape = try Shape(configuration, rows: rows, sequence: sequence)
        let plain = ParameterLayout(configuration)
        let layout = hasScore ? plain.adding(score: ParameterLayout.scoreName, width: shape.width) : plain
        let (parameters, gradients) = (FloatBuffer(count: layout.count), FloatBuffer(count: layout.count))
        func vector(_ names: [String]) -> VectorWeight {
            VectorWeight(names, layout, parameters: parameters, gradients: gradients)
        }
        func packed(_ names: [String]) throws(KernelsError) -> PackedWeight {
            try PackedWeight(names, layout, parameters: parameters, gradients: gradients, precision: precision)
        }
        let (weights, head): ([LayerWeights], PackedWeight)
        do {
            weights = try (0..<shape.layers).map { layer throws(KernelsError) in
                try LayerWeights(layer: layer, shape, vector: vector) { group throws(KernelsError) in
                    try packed(group.names(layer: layer))
                }
            }
            head = try packed([
                configuration.tiesEmbeddings == false ? "lm_head.weight" : "model.embed_tokens.weight"
            ])
        } catch {
            throw .kernels(error)
        }
        func table(_ buffer: FloatBuffer) -> NumberMatrix {
            NumberMatrix(
                buffer, offset: layout.entry("model.embed_tokens.weight").offset, rows: shape.vocabularySize,
                columns: shape.width)
        }
        try self.init(
            Parts(
                configuration: configuration, precision: precision, recompute: recompute, pool: pool, shape: shape,
                layout: layout, parameters: parameters, gradients: gradients, base: base,
                embedding: .trained(table(parameters), gradient: table(gradients)), weights: weights,
                norm: vector(["model.norm.weight"]), head: head,
                score: hasScore ? vector([ParameterLayout.scoreName]) : nil))
    }

    /// An adapter beside a frozen base.
    ///
    /// - Parameter panelBytesMax: how much of the base is kept expanded. What does not fit is expanded from its file in
    ///   each pass: slower, with the same results.
    /// - Throws: as above, and for settings that cannot be.
    package convenience init(
        base: BaseModel, adapter: AdapterSettings, precision: Precision, rows: Int, sequence: Int,
        recompute: Recomputation, panelBytesMax: Int, hasScore: Bool = false, pool: WorkerPool
    ) throws(TrainingError) {
        try adapter.check()
        let shape = try Shape(base.configuration, rows: rows, sequence: sequence).balanced(threads: pool.threads)
        let plain = ParameterLayout(adapter, shape)
        let layout = hasScore ? plain.adding(score: ParameterLayout.adaptedScoreName, width: shape.width) : plain
        let (parameters, gradients) = (FloatBuffer(count: layout.count), FloatBuffer(count: layout.count))
        let frozen: FrozenWeights
        var scratch: [WeightGroup: AdapterScratch] = [:]
        do {
            for group in WeightGroup.allCases {
                scratch[group] = try AdapterScratch(group, adapter, shape, precision: precision)
            }
            frozen = try FrozenWeights(
                base, shape,
                FrozenWeights.Adapted(
                    settings: adapter, layout: layout, parameters: parameters, gradients: gradients, scratch: scratch),
                precision: precision, panelBytesMax: panelBytesMax, on: pool)
        } catch {
            throw .kernels(error)
        }
        try self.init(
            Parts(
                configuration: base.configuration, precision: precision, recompute: recompute, pool: pool,
                shape: shape, layout: layout, parameters: parameters, gradients: gradients, base: base,
                adapter: adapter, embedding: .frozen(frozen), weights: frozen.layers, norm: frozen.norm,
                head: frozen.head,
                score: hasScore
                    ? VectorWeight(
                        [ParameterLayout.adaptedScoreName], layout, parameters: parameters, gradients: gradients) : nil,
                room: AdapterRoom(scratch)))
    }
}
