import Kernels

/// The second half of a layer: y = middle + down(silu(gate(norm(middle))) * up(norm(middle))).
struct FeedForwardHalf {
    let weights: LayerWeights
    let pass: Pass

    /// A block's rows, from the stream between the halves to that after the layer.
    func forward(_ activations: LayerActivations, into y: NumberMatrix, _ rows: Range<Int>, _ memory: Pass.BlockView) {
        let gateUp = project(activations, rows, memory)
        TrainingOperations.swiglu(gateUp, into: memory.hidden)
        weights.down.multiply(
            memory.wideHidden, into: y.rows(rows), adding: activations.middle.rows(rows), memory.noise,
            memory.quantized)
    }

    /// Gates and ups of a block: kept where there is room, in the worker's memory otherwise.
    private func project(
        _ activations: LayerActivations, _ rows: Range<Int>, _ memory: Pass.BlockView
    ) -> NumberMatrix {
        let gateUp = activations.gateUp?.rows(rows) ?? memory.gateUp
        norm(activations, rows, memory)
        weights.gateUp.multiply(memory.wideNormed, into: gateUp, memory.noise, memory.quantized)
        return gateUp
    }

    private func norm(_ activations: LayerActivations, _ rows: Range<Int>, _ memory: Pass.BlockView) {
        TrainingOperations.norm(
            activations.middle.rows(rows), weight: weights.feedForwardNorm.weight, epsilon: pass.shape.epsilon,
            into: memory.normed)
    }

    /// A block's way back: adds to the gradient of the stream, packs the factors of both weights' gradients.
    func backward(_ activations: LayerActivations, _ block: Int, _ rows: Range<Int>, _ memory: Pass.BlockView) {
        let (factors, first) = (pass.workspace.factors, rows.lowerBound)
        let residual = pass.workspace.residualGradient.rows(rows)
        TrainingOperations.convert(residual, into: memory.normed)
        weights.down.multiplyBack(memory.wideNormed, into: memory.hidden, memory.noise)
        weights.down.packOutputGradient(memory.wideNormed, at: first, factors?.residual)
        let gateUp: NumberMatrix
        if let kept = activations.gateUp {
            gateUp = kept.rows(rows)
            norm(activations, rows, memory)
        } else {
            gateUp = project(activations, rows, memory)
        }
        weights.gateUp.packInput(
            memory.wideNormed, isProjected: activations.gateUp == nil, at: first, factors?.feedForwardInput,
            memory.noise)
        TrainingOperations.swigluBackward(
            gateUp, outGradient: memory.hidden, xGradient: memory.gateUp, out: memory.hidden)
        weights.down.packInput(memory.wideHidden, isProjected: false, at: first, factors?.hidden, memory.noise)
        weights.gateUp.multiplyBack(memory.wideGateUp, into: memory.normGradient, memory.noise)
        weights.gateUp.packOutputGradient(memory.wideGateUp, at: first, factors?.gateUp)
        TrainingOperations.normBackward(
            activations.middle.rows(rows), weight: weights.feedForwardNorm.weight, epsilon: pass.shape.epsilon,
            yGradient: memory.normGradient, xGradient: residual,
            weightGradient: pass.workspace.wideShares.rows(block..<block + 1))
    }

    var weightGradients: [WeightGradient] {
        let factors = pass.workspace.factors
        return weights.gateUp.gradients(
            outputGradient: factors?.gateUp, input: factors?.feedForwardInput, tokens: pass.tokens)
            + weights.down.gradients(outputGradient: factors?.residual, input: factors?.hidden, tokens: pass.tokens)
    }
}
