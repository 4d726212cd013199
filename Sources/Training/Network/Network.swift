import Kernels
import Model

/// The trainable transformer: the model that serves (Sources/Model; families llama, qwen2, qwen3), with every layer's
/// derivative.
///
///     let network = try Network(
///         configuration: configuration, precision: .bf16, rows: 8, sequence: 512, recompute: .none, pool: pool)
///     network.initialize(seed: 1)
///     let loss = network.forwardBackward(batch, scale: 1 / Float(batch.targetCount))
///     optimizer.step(…)
///     network.parametersChanged()
///
/// All its weights are trained, or those of an adapter beside a frozen base: `layout`, `parameters` and `gradients` are
/// of what is trained. All memory is allocated in the initialisers, once. Results have the same bits from run to run
/// with any number of workers: no sum depends on who took a piece of work.
package final class Network {
    package let configuration: ModelConfiguration
    package let precision: Precision
    package let recompute: Recomputation
    package let layout: ParameterLayout
    /// layout.count numbers each.
    package let parameters: FloatBuffer
    package let gradients: FloatBuffer
    /// What training starts from; nil for random numbers.
    let base: BaseModel?
    /// Nil when all weights are trained.
    package let adapter: AdapterSettings?
    let shape: Shape
    let pool: WorkerPool
    let angles: RotaryTable
    let attention: TrainingAttention
    let embedding: Embedding
    let weights: [LayerWeights]
    let head: OutputHead
    let workspace: Workspace
    let memory: ActivationMemory
    /// Rows of the stream that have a target, and their gradients; nil when the head computes all rows.
    let taught: TaughtRows?
    /// What stands in place of the head in a reward model.
    let score: ScoreHead?
    private var isStale = true
    private var hasExpanded = false

    /// Where the stream begins.
    enum Embedding {
        case trained(NumberMatrix, gradient: NumberMatrix)
        case frozen(FrozenWeights)

        var frozen: FrozenWeights? { if case .frozen(let weights) = self { weights } else { nil } }
    }

    /// What the initialisers of both kinds make, besides what follows from it.
    struct Parts {
        var configuration: ModelConfiguration
        var precision: Precision
        var recompute: Recomputation
        var pool: WorkerPool
        var shape: Shape
        var layout: ParameterLayout
        var parameters: FloatBuffer
        var gradients: FloatBuffer
        var base: BaseModel?
        var adapter: AdapterSettings?
        var embedding: Embedding
        var weights: [LayerWeights]
        var norm: VectorWeight
        var head: PackedWeight
        var score: VectorWeight?
        var room = AdapterRoom.none
    }

    init(_ parts: Parts) throws(TrainingError) {
        (configuration, precision, recompute) = (parts.configuration, parts.precision, parts.recompute)
        (layout, parameters, gradients) = (parts.layout, parts.parameters, parts.gradients)
        (base, adapter, shape, pool) = (parts.base, parts.adapter, parts.shape, parts.pool)
        (embedding, weights) = (parts.embedding, parts.weights)
        attention = TrainingAttention(
            heads: shape.heads, kvHeads: shape.kvHeads, headDim: shape.headDim,
            scale: parts.configuration.attentionScale)
        angles = RotaryTable(
            count: shape.sequence,
            inverseFrequencies: parts.configuration.rotary.inverseFrequencies(factors: parts.base?.rotaryFactors),
            magnitude: parts.configuration.rotary.magnitude)
        do {
            head = try OutputHead(parts.norm, parts.head, shape, precision: precision, threads: pool.threads)
            workspace = try Workspace(
                shape, precision: precision, threads: pool.threads, attention: attention, room: parts.room,
                isFrozen: parts.adapter != nil, isQuantized: embedding.frozen?.isQuantized == true,
                hasNoise: parts.adapter.map { $0.dropout > 0 } ?? false)
            memory = try ActivationMemory(shape, precision: precision, recompute: recompute, room: parts.room)
            taught = parts.base == nil ? nil : try TaughtRows(shape)
            score = try parts.score.map { weight throws(KernelsError) in
                try ScoreHead(weight, norm: parts.norm, parts.shape)
            }
        } catch {
            throw .kernels(error)
        }
    }

    /// To be called after an optimiser's step or a loaded checkpoint: packed copies are made anew by the next pass.
    package func parametersChanged() { isStale = true }

    /// Adds the gradients of (sum of losses over targets) * scale to `gradients`.
    ///
    /// - Parameters:
    ///   - noise: decides what adapters' dropout drops; nil for nothing.
    ///   - stop: asks to give up at once, in the middle of a layer too. The result and the gradients are worth nothing
    ///     then; parameters stay as they are.
    /// - Precondition: the batch fits this network, and has no flaw.
    package func forwardBackward(
        _ batch: TrainingBatch, scale: Float, noise: UInt64? = nil, unless stop: StopRequest? = nil
    ) -> LossSum {
        let pass = forward(batch, noise: noise, unless: stop)
        let loss = headForwardBackward(pass, batch.targets, .same(scale))
        backward(pass, learns: loss.targets > 0)
        return loss
    }

    /// Forward, then the losses decide what each position counts, then backward: adds the gradient of
    /// Σ weight · loss to `gradients`, the weights taken as constants.
    ///
    /// - Parameters:
    ///   - noise: as above, and so is `stop`.
    ///   - weighting: from losses in nats, row * sequence + position, 0 where there is no target, to as many weights.
    /// - Returns: the losses.
    package func forwardBackward(
        _ batch: TrainingBatch, noise: UInt64? = nil, unless stop: StopRequest? = nil,
        weighting: (_ losses: [Float]) -> [Float]
    ) -> [Float] {
        let pass = forward(batch, noise: noise, unless: stop)
        let losses = headLosses(pass)
        if pass.isStopping { return losses }
        let weights = weighting(losses)
        precondition(weights.count == losses.count, "\(weights.count) weights for \(losses.count) losses")
        // What counts nothing needs no logits again.
        let targets = zip(batch.targets, weights).map { $1 == 0 ? -1 : $0 }
        let loss = headForwardBackward(pass, targets, .each(weights))
        backward(pass, learns: loss.targets > 0)
        return losses
    }

    /// From the gradient of the stream's end, which a head has left in the workspace, down to the embedding.
    func backward(_ pass: Pass, learns: Bool) {
        // With nothing to learn every gradient is zero.
        guard learns || adapter == nil else { return }
        var pending: [WeightGradient] = []
        for index in (0..<shape.layers).reversed() {
            prepare(index, isBackward: true, pass)
            let layer = Layer(weights[index], pass)
            let (x, activations) = (memory.stream(index), memory.layer(index))
            if recompute == .all { layer.recompute(x, activations) }
            pending = layer.backward(x, activations, pending: pending, isLowest: index == 0 && adapter != nil)
        }
        embeddingBackward(pass, pending)
    }

    /// Nats per position, 0 where there is no target; no gradients.
    ///
    /// - Parameter stop: as with `forwardBackward`.
    package func losses(_ batch: TrainingBatch, unless stop: StopRequest? = nil) -> [Float] {
        headLosses(forward(batch, unless: stop))
    }

    /// One document's logits: tokens.count rows of the vocabulary.
    ///
    /// - Parameter stop: as with `forwardBackward`.
    package func logits(_ tokens: [Int32], unless stop: StopRequest? = nil) -> [Float] {
        let count = tokens.count
        let pass = forward(
            TrainingBatch(
                rows: 1, sequence: count, tokens: tokens, targets: Array(repeating: -1, count: count),
                documents: Array(repeating: 0, count: count)), unless: stop)
        return head.logits(memory.stream(shape.layers), pass)
    }

    func forward(_ batch: TrainingBatch, noise: UInt64? = nil, unless stop: StopRequest?) -> Pass {
        precondition(
            batch.sequence <= shape.sequence && batch.rows * batch.sequence <= shape.tokens,
            "\(batch.rows) x \(batch.sequence) tokens in a network for \(shape.tokens)")
        let flaw = batch.flaw(vocabularySize: shape.vocabularySize)
        precondition(flaw == nil, flaw ?? "")
        packIfStale()
        let share = adapter?.dropout ?? 0
        let pass = Pass(
            batch, shape, angles: angles, attention: attention, workspace: workspace, pool: pool, stop: stop,
            noise: share > 0 ? noise.map { (share, $0) } : nil)
        let x = memory.stream(0)
        pass.eachBlock { _, rows, _ in
            switch embedding {
            case .trained(let table, _): TrainingOperations.lookUp(batch.tokens[rows], in: table, into: x.rows(rows))
            case .frozen(let weights): weights.lookUp(batch.tokens[rows], into: x.rows(rows))
            }
        }
        for index in 0..<shape.layers {
            prepare(index, isBackward: false, pass)
            Layer(weights[index], pass).forward(
                memory.stream(index), into: memory.stream(index + 1), memory.layer(index))
        }
        return pass
    }

    private func headLosses(_ pass: Pass) -> [Float] {
        let (stream, targets) = (memory.stream(shape.layers), pass.batch.targets)
        guard let taught else { return head.losses(stream, targets, pass) }
        let rows = taught.gather(stream, targets)
        var result = [Float](repeating: 0, count: targets.count)
        for (place, loss) in zip(rows.places, head.losses(rows.stream, rows.targets, pass)) {
            result[Int(place)] = loss
        }
        return result
    }

    /// - Parameter targets: those of the batch, or fewer.
    func headForwardBackward(_ pass: Pass, _ targets: [Int32], _ weights: LossWeights) -> LossSum {
        let (stream, gradient) = (memory.stream(shape.layers), workspace.residualGradient)
        guard let taught else {
            return head.forwardBackward(stream, targets, gradient: gradient, pass, weights)
        }
        let rows = taught.gather(stream, targets)
        let loss = head.forwardBackward(
            rows.stream, rows.targets, gradient: rows.gradient, pass, weights.gathered(rows.places))
        gradient.rows(0..<pass.tokens).zero()
        TrainingOperations.scatter(rows.gradient, to: rows.places[...], of: gradient)
        return loss
    }

    /// What is left of the lowest layer, and the embedding's gradient: columns are shared out, each adds up all tokens
    /// in order.
    private func embeddingBackward(_ pass: Pass, _ pending: [WeightGradient]) {
        let pieces = pending.reduce(0) { $0 + $1.pieces }
        pass.forEach(count: pieces) { piece, _ in Layer.add(pending, piece: piece) }
        for gradient in pending { gradient.finish() }
        guard case .trained(_, let table) = embedding else { return }
        let gradient = workspace.residualGradient.rows(0..<pass.tokens)
        pass.forEach(count: shape.width / 32) { piece, _ in
            let columns = piece * 32..<(piece + 1) * 32
            TrainingOperations.scatter(
                gradient.columns(columns), to: pass.batch.tokens[...], of: table.columns(columns))
        }
    }

    /// A frozen layer's panels, where they are not kept.
    private func prepare(_ layer: Int, isBackward: Bool, _ pass: Pass) {
        guard let frozen = embedding.frozen, !pass.isStopping else { return }
        frozen.prepare(layer, isBackward: isBackward, on: pool)
    }

    private func packIfStale() {
        guard isStale else { return }
        isStale = false
        if let frozen = embedding.frozen {
            if !hasExpanded { frozen.expandKept(on: pool) }
            hasExpanded = true
            return frozen.packAdapters(on: pool)
        }
        let all = weights.flatMap(\.packed) + [head.head]
        var pieces: [(weight: Int, piece: Int)] = []
        for (index, weight) in all.enumerated() { pieces += (0..<weight.packingPieces).map { (index, $0) } }
        pool.forEach(count: pieces.count) { item, _ in all[pieces[item].weight].pack(piece: pieces[item].piece) }
    }
}
