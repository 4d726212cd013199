import Kernels
import Testing
import Training

/// The score of a reward model, and its gradients.
@Suite(.serialized) struct ScoreTests {
    /// Ends of three documents of the golden batch.
    private static let ends = [49, 63, 100]

    /// Along the gradient itself its square is the slope: of all weights, of an adapter, and with its dropout.
    @Test(arguments: [nil, 0, 0.3]) func gradientIsTheDifferences(dropout: Double?) throws {
        let (network, batch) = try network(dropout)
        let ends = Self.ends.filter { $0 < batch.tokens.count }
        let weights = ends.indices.map { Float($0 % 2 == 0 ? 1 : -0.6) }
        func weighted(_ scores: [Float]) -> Double {
            zip(scores, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        _ = network.forwardBackwardScores(batch, at: ends, noise: 9) { _ in weights }
        let gradients = network.gradients.copy()
        let square = gradients.reduce(0.0) { $0 + Double($1) * Double($1) }
        // Small enough for the curvature, large enough for fp32.
        let step = 0.02 / square.squareRoot()
        func moved(_ share: Double) -> Double {
            for index in gradients.indices { network.parameters[index] += Float(share * step) * gradients[index] }
            network.parametersChanged()
            return weighted(network.forwardBackwardScores(batch, at: ends, noise: 9) { _ in weights })
        }
        let (above, below) = (moved(1), moved(-2))
        let slope = (above - below) / (2 * step)
        #expect(square > 0 && abs(slope - square) <= 0.02 * square, "\(slope), \(square)")
        // The score's own row and the weights beneath it both have some.
        let own = network.layout.entries.last.map { $0.range } ?? 0..<0
        #expect(gradients[own].contains { $0 != 0 } && gradients[..<own.lowerBound].contains { $0 != 0 })
    }

    /// Passes with and without gradients say the same, whatever is computed twice.
    @Test func scoresAreTheSameInBothPasses() throws {
        let (network, batch) = try network(nil)
        let ends = Self.ends.filter { $0 < batch.tokens.count }
        let scores = network.scores(batch, at: ends)
        #expect(scores.allSatisfy { $0.isFinite && $0 != 0 } && Set(scores).count == ends.count)
        #expect(network.forwardBackwardScores(batch, at: ends) { $0.map { _ in 0 } } == scores)
        #expect(network.gradients.copy().allSatisfy { $0 == 0 })
    }

    /// What a reward model starts with.
    @Test func allScoresAreZeroAtFirst() throws {
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let network = try golden.adapted(hasScore: true)
        network.initialize(seed: 1)
        #expect(network.layout.entries.last?.name == "base_model.model.score.weight")
        #expect(network.scores(golden.batch, at: [3, 9]) == [0, 0])
    }

    /// - Parameter dropout: of an adapter; nil for all weights.
    private func network(_ dropout: Double?) throws -> (Network, TrainingBatch) {
        var random = RandomNumbers(seed: 5)
        let network: Network
        let batch: TrainingBatch
        if let dropout {
            let golden = try TuningGolden("qwen2", facts: "adapter")
            batch = golden.batch
            network = try golden.adapted(settings: AdapterSettings(rank: 3, alpha: 5, dropout: dropout), hasScore: true)
        } else {
            let golden = try Golden()
            batch = golden.batch
            network = try golden.network(hasScore: true)
        }
        guard let own = network.layout.entries.last else { return (network, batch) }
        for index in own.range { network.parameters[index] = 0.1 * random.next() }
        network.parametersChanged()
        return (network, batch)
    }
}
