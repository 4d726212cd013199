import Kernels

extension Network {
    /// Scores of texts, each at the position of its last token; no gradients.
    ///
    /// - Parameters:
    ///   - positions: in the batch: row * sequence + position.
    ///   - stop: as with `forwardBackward`.
    /// - Precondition: the network has a score; there are at most `scoresMax` positions.
    package func scores(_ batch: TrainingBatch, at positions: [Int], unless stop: StopRequest? = nil) -> [Float] {
        let pass = forward(batch, unless: stop)
        return scored(positions, pass).values
    }

    /// Forward, then the scores decide what each counts, then backward: adds the gradient of Σ weight[i] · score[i].
    ///
    /// - Parameters:
    ///   - positions: as above.
    ///   - weighting: the loss's derivative by each score.
    /// - Returns: the scores.
    package func forwardBackwardScores(
        _ batch: TrainingBatch, at positions: [Int], noise: UInt64? = nil, unless stop: StopRequest? = nil,
        weighting: (_ scores: [Float]) -> [Float]
    ) -> [Float] {
        let pass = forward(batch, noise: noise, unless: stop)
        let scores = scored(positions, pass)
        if pass.isStopping { return scores.values }
        let weights = weighting(scores.values)
        precondition(weights.count == positions.count, "\(weights.count) weights for \(positions.count) scores")
        score?.backward(weights, at: scores.places, gradient: workspace.residualGradient.rows(0..<pass.tokens))
        backward(pass, learns: true)
        return scores.values
    }

    /// Positions that `scores` takes at once.
    package var scoresMax: Int { score?.positionsMax ?? 0 }

    private func scored(_ positions: [Int], _ pass: Pass) -> (values: [Float], places: [Int32]) {
        guard let score else { preconditionFailure("a network without a score") }
        precondition(positions.count <= score.positionsMax, "\(positions.count) scores of \(score.positionsMax)")
        precondition(positions.allSatisfy { (0..<pass.tokens).contains($0) }, "scores beyond \(pass.tokens) tokens")
        let places = positions.map(Int32.init)
        return (score.scores(memory.stream(shape.layers), at: places), places)
    }
}
