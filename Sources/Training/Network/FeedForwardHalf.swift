import Kernels

/// The second half of a layer: y = middle + down(silu(gate(norm(middle))) * up(norm(middle))).
struct FeedForwardHalf {
    let weights: LayerWeights
    let pass: Pass

    /// A block's rows, from the stream between the halves to that after the layer.
    func forward(_ activations: LayerActivations, into y: NumberMatrix, _ rows: Range<Int>, _ memory: Pass.BlockView) {
        let gateUp = project(activations, rows, memory)
        TrainingOperations.swiglu(gateUp, into: memory.hidden)
        PanelProduct.multiply(
            memory.hidden, by: weights.down.forward, into: y.rows(rows), adding: activations.middle.rows(rows))
    }

    /// Gates and ups of a block: kept where there is room, in the worker's memory otherwise.
    private func project(
        _ activations: LayerActivations, _ rows: Range<Int>, _ memory: Pass.BlockView
    ) -> NumberMatrix {
        let gateUp = activations.gateUp?.rows(rows) ?? memory.gateUp
        norm(activations, rows, memory)
        PanelProduct.multiply(memory.normed, by: weights.gateUp.forward, into: gateUp)
        return gateUp
    }

    private func norm(_ activations: LayerActivations, _ rows: Range<Int>, _ memory: Pass.BlockView) {
        TrainingOperations.norm(
            activations.middle.rows(rows), weight: weights.feedForwardNorm.weight, epsilon: pass.shape.epsilon,
            into: memory.normed)
    }

    /// A block's way back: adds to the gradient of the stream, packs the factors of both weights' gradients.
    func backward(_ activations: LayerActivations, _ block: Int, _ rows: Range<Int>, _ memory: Pass.BlockView) {
        let (workspace, first) = (pass.workspace, rows.lowerBound)
        let residual = workspace.residualGradient.rows(rows)
        TrainingOperations.convert(residual, into: memory.normed)
        workspace.factors.residual.pack(columnsOf: memory.normed, at: first)
        PanelProduct.multiply(memory.normed, by: weights.down.backward, into: memory.hidden)
        let gateUp: NumberMatrix
        if let kept = activations.gateUp {
            gateUp = kept.rows(rows)
            norm(activations, rows, memory)
        } else {
            gateUp = project(activations, rows, memory)
        }
        workspace.factors.feedForwardInput.pack(columnsOf: memory.normed, at: first)
        TrainingOperations.swigluBackward(
            gateUp, outGradient: memory.hidden, xGradient: memory.gateUp, out: memory.hidden)
        workspace.factors.hidden.pack(columnsOf: memory.hidden, at: first)
        workspace.factors.gateUp.pack(columnsOf: memory.gateUp, at: first)
        PanelProduct.multiply(memory.gateUp, by: weights.gateUp.backward, into: memory.normGradient)
        TrainingOperations.normBackward(
            activations.middle.rows(rows), weight: weights.feedForwardNorm.weight, epsilon: pass.shape.epsilon,
            yGradient: memory.normGradient, xGradient: residual,
            weightGradient: workspace.wideShares.rows(block..<block + 1))
    }

    var weightGradients: [WeightGradient] {
        let factors = pass.workspace.factors
        return [
            WeightGradient(
                outputGradient: factors.gateUp, input: factors.feedForwardInput, tokens: pass.tokens,
                gradient: weights.gateUp.gradient),
            WeightGradient(
                outputGradient: factors.residual, input: factors.hidden, tokens: pass.tokens,
                gradient: weights.down.gradient),
        ]
    }
}
