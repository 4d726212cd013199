import Kernels
import Model

/// The trainable transformer: the model that serves (Sources/Model, family qwen3), with every layer's derivative.
///
///     let network = try Network(
///         configuration: configuration, precision: .bf16, rows: 8, sequence: 512, recompute: .none, pool: pool)
///     network.initialize(seed: 1)
///     let loss = network.forwardBackward(batch, scale: 1 / Float(batch.targetCount))
///     optimizer.step(…)
///     network.parametersChanged()
///
/// All memory is allocated here, once. Results have the same bits from run to run with any number of workers: no sum
/// depends on who took a piece of work.
package final class Network {
    package let configuration: ModelConfiguration
    package let precision: Precision
    package let recompute: Recomputation
    package let layout: ParameterLayout
    /// layout.count numbers each.
    package let parameters: FloatBuffer
    package let gradients: FloatBuffer
    let shape: Shape
    let pool: WorkerPool
    private let angles: RotaryTable
    private let attention: TrainingAttention
    private let embedding: NumberMatrix
    private let embeddingGradient: NumberMatrix
    private let weights: [LayerWeights]
    private let head: OutputHead
    private let workspace: Workspace
    private let memory: ActivationMemory
    private var isStale = true

    /// For micro-batches of up to rows * sequence tokens, rows of up to `sequence`.
    ///
    /// - Throws: `TrainingError.unsupported` for a shape that it does not compute (widths and heads are multiples of
    ///   32); `.kernels` when there is no memory.
    package init(
        configuration: ModelConfiguration, precision: Precision, rows: Int, sequence: Int, recompute: Recomputation,
        pool: WorkerPool
    ) throws(TrainingError) {
        let shape = try Shape(configuration, rows: rows, sequence: sequence)
        let layout = ParameterLayout(configuration)
        let (parameters, gradients) = (FloatBuffer(count: layout.count), FloatBuffer(count: layout.count))
        let attention = TrainingAttention(
            heads: shape.heads, kvHeads: shape.kvHeads, headDim: shape.headDim, scale: configuration.attentionScale)
        do {
            weights = try (0..<shape.layers).map { layer throws(KernelsError) in
                try LayerWeights(
                    layer: layer, layout, parameters: parameters, gradients: gradients, precision: precision)
            }
            let table = "model.embed_tokens.weight"
            let headName = configuration.tiesEmbeddings == false ? "lm_head.weight" : table
            head = try OutputHead(
                LayerWeights.NormWeight(
                    "model.norm.weight", layout, parameters: parameters, gradients: gradients),
                PackedWeight(
                    [headName], layout, parameters: parameters, gradients: gradients, precision: precision), shape,
                precision: precision)
            workspace = try Workspace(shape, precision: precision, threads: pool.threads, attention: attention)
            memory = try ActivationMemory(shape, precision: precision, recompute: recompute)
        } catch {
            throw .kernels(error)
        }
        let offset = layout.entry("model.embed_tokens.weight").offset
        embedding = NumberMatrix(parameters, offset: offset, rows: shape.vocabularySize, columns: shape.width)
        embeddingGradient = NumberMatrix(gradients, offset: offset, rows: shape.vocabularySize, columns: shape.width)
        angles = RotaryTable(
            count: sequence, inverseFrequencies: configuration.rotary.inverseFrequencies(),
            magnitude: configuration.rotary.magnitude)
        self.configuration = configuration
        self.precision = precision
        self.recompute = recompute
        self.layout = layout
        self.parameters = parameters
        self.gradients = gradients
        self.shape = shape
        self.attention = attention
        self.pool = pool
    }

    /// To be called after an optimiser's step or a loaded checkpoint: packed copies are made anew by the next pass.
    package func parametersChanged() { isStale = true }

    /// Adds the gradients of (sum of losses over targets) * scale to `gradients`.
    ///
    /// - Precondition: the batch fits this network, and has no flaw.
    package func forwardBackward(_ batch: TrainingBatch, scale: Float) -> LossSum {
        let pass = forward(batch)
        let loss = head.forwardBackward(
            memory.stream(shape.layers), gradient: workspace.residualGradient, pass, scale: scale)
        var pending: [WeightGradient] = []
        for index in (0..<shape.layers).reversed() {
            let layer = Layer(weights[index], pass)
            let (x, activations) = (memory.stream(index), memory.layer(index))
            if recompute == .all { layer.recompute(x, activations) }
            pending = layer.backward(x, activations, pending: pending)
        }
        embeddingBackward(pass, pending)
        return loss
    }

    /// Nats per position, 0 where there is no target; no gradients.
    package func losses(_ batch: TrainingBatch) -> [Float] {
        let pass = forward(batch)
        return head.losses(memory.stream(shape.layers), pass)
    }

    /// One document's logits: tokens.count rows of the vocabulary.
    package func logits(_ tokens: [Int32]) -> [Float] {
        let count = tokens.count
        let pass = forward(
            TrainingBatch(
                rows: 1, sequence: count, tokens: tokens, targets: Array(repeating: -1, count: count),
                documents: Array(repeating: 0, count: count)))
        return head.logits(memory.stream(shape.layers), pass)
    }

    private func forward(_ batch: TrainingBatch) -> Pass {
        precondition(
            batch.sequence <= shape.sequence && batch.rows * batch.sequence <= shape.tokens,
            "\(batch.rows) x \(batch.sequence) tokens in a network for \(shape.tokens)")
        let flaw = batch.flaw(vocabularySize: shape.vocabularySize)
        precondition(flaw == nil, flaw ?? "")
        packIfStale()
        let pass = Pass(
            batch, shape, angles: angles, attention: attention, workspace: workspace, pool: pool)
        let x = memory.stream(0)
        pass.eachBlock { _, rows, _ in
            TrainingOperations.lookUp(batch.tokens[rows], in: embedding, into: x.rows(rows))
        }
        for index in 0..<shape.layers {
            Layer(weights[index], pass).forward(
                memory.stream(index), into: memory.stream(index + 1), memory.layer(index))
        }
        return pass
    }

    /// The embedding's gradient: columns are shared out, each adds up all tokens in order.
    private func embeddingBackward(_ pass: Pass, _ pending: [WeightGradient]) {
        let pieces = pending.reduce(0) { $0 + $1.pieces }
        pool.forEach(count: pieces) { piece, _ in Layer.add(pending, piece: piece) }
        let gradient = workspace.residualGradient.rows(0..<pass.tokens)
        pool.forEach(count: shape.width / 32) { piece, _ in
            let columns = piece * 32..<(piece + 1) * 32
            TrainingOperations.scatter(
                gradient.columns(columns), to: pass.batch.tokens[...], of: embeddingGradient.columns(columns))
        }
    }

    private func packIfStale() {
        guard isStale else { return }
        isStale = false
        let all = weights.flatMap(\.packed) + [head.head]
        var pieces: [(weight: Int, piece: Int)] = []
        for (index, weight) in all.enumerated() { pieces += (0..<weight.packingPieces).map { (index, $0) } }
        pool.forEach(count: pieces.count) { item, _ in all[pieces[item].weight].pack(piece: pieces[item].piece) }
    }
}
