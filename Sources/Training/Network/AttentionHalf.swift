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
            weights.attentionInput.multiply(memory.wideNormed, into: projected, memory.noise, memory.quantized)
            if let bias = weights.attentionBias { TrainingOperations.addBias(projected, bias.weight) }
            turn(projected, into: activations.rotated.rows(rows), rows)
        }
        let tensors = tensors(activations)
        pass.forEach(count: mixingPieces) { piece, worker in
            let (rows, head) = sequence(piece)
            pass.attention.forward(
                rows: rows, kvHead: head, documents: pass.batch.documents[rows], tensors,
                scratch: pass.workspace.attentionScratch(worker))
        }
    }

    /// Queries and keys, perhaps normed, and rotated.
    private func turn(_ projected: NumberMatrix, into rotated: NumberMatrix, _ rows: Range<Int>) {
        for (columns, norm) in [(queryColumns, weights.queryNorm), (keyColumns, weights.keyNorm)] {
            if let norm {
                TrainingOperations.headNorm(
                    projected.columns(columns), weight: norm.weight, epsilon: shape.epsilon, angles: pass.angles,
                    positions: pass.positions[rows], into: rotated.columns(columns))
            } else {
                TrainingOperations.rotate(
                    projected.columns(columns), headDim: shape.headDim, angles: pass.angles,
                    positions: pass.positions[rows], into: rotated.columns(columns))
            }
        }
    }

    /// The way back, in place; norms' gradients go to the block's shares.
    private func turnBack(_ projected: NumberMatrix, _ gradient: NumberMatrix, _ block: Int, _ rows: Range<Int>) {
        let workspace = pass.workspace
        for (columns, norm, shares) in [
            (queryColumns, weights.queryNorm, workspace.queryShares),
            (keyColumns, weights.keyNorm, workspace.keyShares),
        ] {
            if let norm {
                TrainingOperations.headNormBackward(
                    projected.columns(columns), weight: norm.weight, epsilon: shape.epsilon, angles: pass.angles,
                    positions: pass.positions[rows], gradient: gradient.columns(columns),
                    weightGradient: shares.rows(block..<block + 1))
            } else {
                TrainingOperations.rotate(
                    gradient.columns(columns), headDim: shape.headDim, angles: pass.angles,
                    positions: pass.positions[rows], isBack: true, into: gradient.columns(columns))
            }
        }
    }

    /// The block's rows of the stream between the halves.
    func addOutput(
        _ x: NumberMatrix, _ activations: LayerActivations, _ rows: Range<Int>, _ memory: Pass.BlockView
    ) {
        weights.attentionOutput.multiply(
            activations.mixed.rows(rows), into: activations.middle.rows(rows), adding: x.rows(rows), memory.noise,
            memory.quantized)
    }

    /// A block's part of the way back to the mixed values: packs the factors of the output's gradient.
    func outputBackward(_ activations: LayerActivations, _ rows: Range<Int>, _ memory: Pass.BlockView) {
        let (workspace, first) = (pass.workspace, rows.lowerBound)
        TrainingOperations.convert(workspace.residualGradient.rows(rows), into: memory.normed)
        weights.attentionOutput.multiplyBack(
            memory.wideNormed, into: workspace.mixedGradient.rows(rows), memory.noise)
        weights.attentionOutput.packOutputGradient(memory.wideNormed, at: first, workspace.factors?.middle)
        weights.attentionOutput.packInput(
            activations.mixed.rows(rows), isProjected: true, at: first, workspace.factors?.mixed, memory.noise)
    }

    var outputGradients: [WeightGradient] {
        let factors = pass.workspace.factors
        return weights.attentionOutput.gradients(
            outputGradient: factors?.middle, input: factors?.mixed, tokens: pass.tokens)
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
    ///
    /// - Parameter isLowest: nothing below this layer is trained, so the stream's gradient goes no further.
    func inputBackward(_ x: NumberMatrix, _ activations: LayerActivations, isLowest: Bool) {
        let workspace = pass.workspace
        for shares in [workspace.wideShares, workspace.queryShares, workspace.keyShares, workspace.biasShares] {
            shares.zero()
        }
        pass.eachBlock { block, rows, memory in
            let wide = workspace.attentionGradient.rows(rows)
            let gradient = wide.columns(0..<shape.attentionColumns)
            turnBack(activations.projected.rows(rows), gradient, block, rows)
            if weights.attentionBias?.gradient != nil {
                TrainingOperations.addRows(of: gradient, to: workspace.biasShares.rows(block..<block + 1))
            }
            TrainingOperations.norm(
                x.rows(rows), weight: weights.attentionNorm.weight, epsilon: shape.epsilon, into: memory.normed)
            weights.attentionInput.packInput(
                memory.wideNormed, isProjected: false, at: rows.lowerBound, workspace.factors?.attentionInput,
                memory.noise)
            if isLowest {
                weights.attentionInput.adapter?.projectBack(wide, rows: shape.attentionColumns)
            } else {
                weights.attentionInput.multiplyBack(wide, into: memory.normGradient, memory.noise)
            }
            weights.attentionInput.packOutputGradient(wide, at: rows.lowerBound, workspace.factors?.attention)
            guard !isLowest else { return }
            TrainingOperations.normBackward(
                x.rows(rows), weight: weights.attentionNorm.weight, epsilon: shape.epsilon,
                yGradient: memory.normGradient, xGradient: workspace.residualGradient.rows(rows),
                weightGradient: workspace.wideShares.rows(block..<block + 1))
        }
        pass.sumShares(workspace.wideShares, to: weights.attentionNorm.gradient)
        pass.sumShares(workspace.queryShares, to: weights.queryNorm?.gradient)
        pass.sumShares(workspace.keyShares, to: weights.keyNorm?.gradient)
        pass.sumShares(workspace.biasShares, to: weights.attentionBias?.gradient)
    }

    var inputGradients: [WeightGradient] {
        let factors = pass.workspace.factors
        return weights.attentionInput.gradients(
            outputGradient: factors?.attention, input: factors?.attentionInput, tokens: pass.tokens)
    }

    private func tensors(_ activations: LayerActivations) -> TrainingAttention.Tensors {
        TrainingAttention.Tensors(
            queries: activations.rotated.columns(queryColumns), keys: activations.rotated.columns(keyColumns),
            values: activations.projected.columns(valueColumns),
            output: activations.mixed.columns(0..<shape.queryColumns),
            logSums: activations.logSums)
    }

    private func sequence(_ piece: Int) -> (rows: Range<Int>, head: Int) {
        let (row, head) = (piece / shape.kvHeads, piece % shape.kvHeads)
        return (row * pass.batch.sequence..<(row + 1) * pass.batch.sequence, head)
    }
}
