import Kernels

/// The first half of a layer: middle = x + o(attention(rotate(norm(q)), rotate(norm(k)), v)), with q, k and v products
/// of norm(x).
struct AttentionHalf {
    let weights: LayerWeights
    let pass: Pass

    private var shape: Shape { pass.shape }
    private var queryColumns: Range<Int> { 0..<shape.queryColumns }
    private var keyColumns: Range<Int> { shape.queryColumns..<shape.queryColumns + shape.keyColumns }
    private var valueColumns: Range<Int> { shape.queryColumns + shape.keyColumns..<shape.attentionColumns }

    /// x: tokens x width, fp32.
    func forward(_ x: NumberMatrix, _ activations: LayerActivations) {
        pass.eachBlock { _, rows, memory in
            TrainingOperations.norm(
                x.rows(rows), weight: weights.attentionNorm.weight, epsilon: shape.epsilon, into: memory.normed)
            let projected = activations.projected.rows(rows)
            PanelProduct.multiply(memory.normed, by: weights.attentionInput.forward, into: projected)
            let rotated = activations.rotated.rows(rows)
            for (columns, norm) in [(queryColumns, weights.queryNorm), (keyColumns, weights.keyNorm)] {
                TrainingOperations.headNorm(
                    projected.columns(columns), weight: norm.weight, epsilon: shape.epsilon, angles: pass.angles,
                    positions: pass.positions[rows], into: rotated.columns(columns))
            }
        }
        let tensors = tensors(activations)
        pass.pool.forEach(count: mixingPieces) { piece, worker in
            let (rows, head) = sequence(piece)
            pass.attention.forward(
                rows: rows, kvHead: head, documents: pass.batch.documents[rows], tensors,
                scratch: pass.workspace.attentionScratch(worker))
        }
    }

    /// The block's rows of the stream between the halves.
    func addOutput(_ x: NumberMatrix, _ activations: LayerActivations, _ rows: Range<Int>) {
        PanelProduct.multiply(
            activations.mixed.rows(rows), by: weights.attentionOutput.forward, into: activations.middle.rows(rows),
            adding: x.rows(rows))
    }

    /// A block's part of the way back to the mixed values: packs the factors of the output's gradient.
    func outputBackward(_ activations: LayerActivations, _ rows: Range<Int>, _ memory: Pass.BlockView) {
        let (workspace, first) = (pass.workspace, rows.lowerBound)
        TrainingOperations.convert(workspace.residualGradient.rows(rows), into: memory.normed)
        workspace.factors.middle.pack(columnsOf: memory.normed, at: first)
        workspace.factors.mixed.pack(columnsOf: activations.mixed.rows(rows), at: first)
        PanelProduct.multiply(
            memory.normed, by: weights.attentionOutput.backward, into: workspace.mixedGradient.rows(rows))
    }

    var outputGradient: WeightGradient {
        WeightGradient(
            outputGradient: pass.workspace.factors.middle, input: pass.workspace.factors.mixed, tokens: pass.tokens,
            gradient: weights.attentionOutput.gradient)
    }

    /// Sequences times key-value heads.
    var mixingPieces: Int { pass.batch.rows * shape.kvHeads }

    /// From the gradient of mixed values those of rotated queries, keys, and of values.
    func mixingBackward(_ activations: LayerActivations, piece: Int, worker: Int) {
        let workspace = pass.workspace
        let gradient = workspace.attentionGradient
        let (rows, head) = sequence(piece)
        pass.attention.backward(
            rows: rows, kvHead: head, documents: pass.batch.documents[rows], tensors(activations),
            TrainingAttention.Gradients(
                output: workspace.mixedGradient, queries: gradient.columns(queryColumns),
                keys: gradient.columns(keyColumns), values: gradient.columns(valueColumns)),
            scratch: workspace.attentionScratch(worker))
    }

    /// From there to the stream before the layer; packs the factors of the projections' gradient.
    func inputBackward(_ x: NumberMatrix, _ activations: LayerActivations) {
        let workspace = pass.workspace
        for shares in [workspace.wideShares, workspace.queryShares, workspace.keyShares] { shares.zero() }
        pass.eachBlock { block, rows, memory in
            let gradient = workspace.attentionGradient.rows(rows)
            for (columns, norm, shares) in [
                (queryColumns, weights.queryNorm, workspace.queryShares),
                (keyColumns, weights.keyNorm, workspace.keyShares),
            ] {
                TrainingOperations.headNormBackward(
                    activations.projected.rows(rows).columns(columns), weight: norm.weight, epsilon: shape.epsilon,
                    angles: pass.angles, positions: pass.positions[rows], gradient: gradient.columns(columns),
                    weightGradient: shares.rows(block..<block + 1))
            }
            workspace.factors.attention.pack(columnsOf: gradient, at: rows.lowerBound)
            TrainingOperations.norm(
                x.rows(rows), weight: weights.attentionNorm.weight, epsilon: shape.epsilon, into: memory.normed)
            workspace.factors.attentionInput.pack(columnsOf: memory.normed, at: rows.lowerBound)
            PanelProduct.multiply(gradient, by: weights.attentionInput.backward, into: memory.normGradient)
            TrainingOperations.normBackward(
                x.rows(rows), weight: weights.attentionNorm.weight, epsilon: shape.epsilon,
                yGradient: memory.normGradient, xGradient: workspace.residualGradient.rows(rows),
                weightGradient: workspace.wideShares.rows(block..<block + 1))
        }
        pass.sumShares(workspace.wideShares, to: weights.attentionNorm.gradient)
        pass.sumShares(workspace.queryShares, to: weights.queryNorm.gradient)
        pass.sumShares(workspace.keyShares, to: weights.keyNorm.gradient)
    }

    var inputGradient: WeightGradient {
        WeightGradient(
            outputGradient: pass.workspace.factors.attention, input: pass.workspace.factors.attentionInput,
            tokens: pass.tokens, gradient: weights.attentionInput.gradient)
    }

    private func tensors(_ activations: LayerActivations) -> TrainingAttention.Tensors {
        TrainingAttention.Tensors(
            queries: activations.rotated.columns(queryColumns), keys: activations.rotated.columns(keyColumns),
            values: activations.projected.columns(valueColumns), output: activations.mixed,
            logSums: activations.logSums)
    }

    private func sequence(_ piece: Int) -> (rows: Range<Int>, head: Int) {
        let (row, head) = (piece / shape.kvHeads, piece % shape.kvHeads)
        return (row * pass.batch.sequence..<(row + 1) * pass.batch.sequence, head)
    }
}
