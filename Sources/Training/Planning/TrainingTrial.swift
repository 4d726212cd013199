import Kernels
import Model

/// What this machine reaches in training, measured with a few steps of the model that is planned.
///
/// A large model is tried with fewer layers, which cost the same each.
package struct TrainingTrial: Sendable, Equatable {
    /// Operations per second, those of `TrainingWork` counted.
    package var flops: Double
    package var seconds: Double

    /// Parameters of the model that is tried.
    private static let parametersMax = 40_000_000
    /// Tokens of a micro-batch at most.
    private static let tokensMax = 4096
    /// After one that warms up; the fastest counts.
    private static let passes = 3

    /// - Parameters:
    ///   - batchTokens: tokens of a step: the optimiser works once for so many.
    ///   - rows: of a micro-batch; a few thousand tokens where nothing is said.
    ///   - precision: what products are computed in.
    /// - Throws: `TrainingError` for shapes that cannot be trained.
    package static func measure(
        _ model: ModelConfiguration, sequence: Int, batchTokens: Int, rows: Int? = nil, precision: Precision,
        optimizer kind: OptimizerSettings.Kind, recompute: Recomputation, pool: WorkerPool
    ) throws(TrainingError) -> TrainingTrial {
        let clock = ContinuousClock()
        let began = clock.now
        let shape = tried(model)
        let rows = rows ?? max(1, min(tokensMax, max(batchTokens, sequence)) / sequence)
        let network = try Network(
            configuration: shape, precision: precision, rows: rows, sequence: sequence, recompute: recompute,
            pool: pool)
        network.initialize(seed: 1)
        let optimizer = try Optimizer(
            settings: OptimizerSettings(kind: kind), layout: network.layout, pool: pool)
        let batch = batch(rows, sequence, vocabulary: shape.vocabularySize)
        let scale = 1 / Float(batch.targetCount)
        _ = network.forwardBackward(batch, scale: scale)
        var pass = Double.infinity
        var step = Double.infinity
        for index in 1...passes {
            pass = min(pass, clock.measure { _ = network.forwardBackward(batch, scale: scale) } / .seconds(1))
            let update = clock.measure {
                optimizer.step(
                    parameters: network.parameters, gradients: network.gradients, learningRate: 1e-6, step: index,
                    gradientScale: 1)
                Gradients.zero(network.gradients, pool: pool)
            }
            step = min(step, update / .seconds(1))
            network.parametersChanged()
        }
        let count = Double(rows * sequence)
        let secondsPerToken = pass / count + step / Double(max(batchTokens, rows * sequence))
        let perToken = TrainingWork(shape, sequence: sequence).flopsPerToken
        return TrainingTrial(
            flops: perToken * (1 + TrainingWork.extraShare(recompute)) / secondsPerToken,
            seconds: began.duration(to: clock.now) / .seconds(1))
    }

    private static func tried(_ model: ModelConfiguration) -> ModelConfiguration {
        var layers = model.layers
        func shape() -> ModelConfiguration {
            var shape = ModelConfiguration(
                family: model.family, layers: layers, embeddingDim: model.embeddingDim, heads: model.heads,
                kvHeads: model.kvHeads, headDim: model.keyDim, feedForwardDim: model.feedForwardDim,
                vocabularySize: model.vocabularySize, contextTokens: model.contextTokens)
            shape.tiesEmbeddings = true
            return shape
        }
        while layers > 1, TrainingWork.parameterCount(shape()) > parametersMax { layers -= 1 }
        return shape()
    }

    /// Rows of one document each; every token is followed by another one.
    private static func batch(_ rows: Int, _ sequence: Int, vocabulary: Int) -> TrainingBatch {
        let tokens = (0...rows * sequence).map { Int32(($0 &* 7919) % vocabulary) }
        return TrainingBatch(
            rows: rows, sequence: sequence, tokens: Array(tokens.dropLast()), targets: Array(tokens.dropFirst()),
            documents: [Int32](repeating: 0, count: rows * sequence))
    }
}
