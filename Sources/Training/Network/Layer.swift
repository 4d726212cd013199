import Kernels

/// One layer's two halves. Work is cut so that a block of tokens goes through a whole half in one worker's cache.
struct Layer {
    let weights: LayerWeights
    let pass: Pass
    private let attention: AttentionHalf
    private let feedForward: FeedForwardHalf

    init(_ weights: LayerWeights, _ pass: Pass) {
        self.weights = weights
        self.pass = pass
        attention = AttentionHalf(weights: weights, pass: pass)
        feedForward = FeedForwardHalf(weights: weights, pass: pass)
    }

    /// y: the stream after the layer, x before it.
    func forward(_ x: NumberMatrix, into y: NumberMatrix, _ activations: LayerActivations) {
        attention.forward(x, activations)
        pass.eachBlock { _, rows, memory in
            attention.addOutput(x, activations, rows, memory)
            feedForward.forward(activations, into: y, rows, memory)
        }
    }

    /// Everything but the stream after the layer once more, when it was not kept.
    func recompute(_ x: NumberMatrix, _ activations: LayerActivations) {
        attention.forward(x, activations)
        pass.eachBlock { _, rows, memory in attention.addOutput(x, activations, rows, memory) }
    }

    /// Turns the gradient of the stream after the layer into that before it. Weights' gradients are computed beside
    /// attention's, in one region; those of the projections are left to the next one.
    ///
    /// - Parameters:
    ///   - pending: what the layer after this one left.
    ///   - isLowest: nothing below this layer is trained.
    /// - Returns: what this one leaves.
    func backward(
        _ x: NumberMatrix, _ activations: LayerActivations, pending: [WeightGradient], isLowest: Bool = false
    ) -> [WeightGradient] {
        pass.workspace.wideShares.zero()
        pass.eachBlock { block, rows, memory in
            feedForward.backward(activations, block, rows, memory)
            attention.outputBackward(activations, rows, memory)
        }
        pass.sumShares(pass.workspace.wideShares, to: weights.feedForwardNorm.gradient)
        let mixing = attention.mixingPieces
        let gradients = feedForward.weightGradients + attention.outputGradients + pending
        let pieces = gradients.reduce(mixing) { $0 + $1.pieces }
        pass.forEach(count: pieces) { piece, worker in
            if piece < mixing {
                attention.mixingBackward(activations, piece: piece, worker: worker)
            } else {
                Self.add(gradients, piece: piece - mixing)
            }
        }
        for gradient in gradients { gradient.finish() }
        attention.inputBackward(x, activations, isLowest: isLowest)
        return attention.inputGradients
    }

    /// Piece number `piece` of all gradients' pieces.
    static func add(_ gradients: [WeightGradient], piece: Int) {
        var left = piece
        for gradient in gradients {
            if left < gradient.pieces { return gradient.add(piece: left) }
            left -= gradient.pieces
        }
    }
}
