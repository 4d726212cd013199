import Foundation
import JSON
import Kernels
import Model
import Training

/// A network, an optimiser, and one batch of random tokens that is learnt again and again.
struct Trainer {
    let network: Network
    let optimizer: Optimizer
    let pool: WorkerPool
    let batch: TrainingBatch
    private let peak: Double
    private var steps = 0

    init(_ options: Options) throws {
        pool = try WorkerPool(threads: options.int("threads", default: 2))
        let configuration = Self.configuration(options.shape)
        let (rows, sequence) = (options.int("rows", default: 8), options.int("sequence", default: 512))
        let precision = options["precision"].flatMap(Precision.init) ?? .bf16
        network = try Network(
            configuration: configuration, precision: precision, rows: rows, sequence: sequence,
            recompute: options["recompute"].flatMap(Recomputation.init) ?? .none, pool: pool)
        network.initialize(seed: 1)
        optimizer = try Optimizer(
            settings: OptimizerSettings(kind: options["optimizer"].flatMap(OptimizerSettings.Kind.init) ?? .adamw),
            layout: network.layout, pool: pool)
        let count = rows * sequence
        // A linear congruence: tokens need not be good random numbers.
        var state: UInt32 = 1
        let tokens = (0..<count).map { _ -> Int32 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int32(state >> 8) % Int32(configuration.vocabularySize)
        }
        batch = TrainingBatch(
            rows: rows, sequence: sequence, tokens: tokens, targets: Array(tokens[1...]) + [0],
            documents: Array(repeating: 0, count: count))
        peak = TrainingKernels.peak(precision, on: pool)
    }

    /// The two shapes of docs/training-kernels.md: 10.0 and 25.8 million parameters.
    private static func configuration(_ shape: String) -> ModelConfiguration {
        let isLarge = shape == "25m"
        var result = ModelConfiguration(
            family: .qwen3, layers: 8, embeddingDim: isLarge ? 512 : 256, heads: isLarge ? 8 : 4,
            kvHeads: isLarge ? 2 : 4, headDim: 64, feedForwardDim: isLarge ? 1408 : 1024, vocabularySize: 6400,
            contextTokens: 512)
        result.tiesEmbeddings = true
        return result
    }

    /// Operations a token: six a weight (the head's included), and attention over half of the row on average.
    private var operationsPerToken: Double {
        let c = network.configuration
        let matrices = network.layout.entries.filter { $0.kind != .norm }.reduce(0) { $0 + $1.count }
        return 6 * Double(matrices) + 6 * Double(c.layers * c.heads * c.keyDim * batch.sequence)
    }

    var description: JSONValue {
        [
            "parameters": .int(network.layout.count), "precision": .string(network.precision.rawValue),
            "kernels": .string(TrainingKernels.variantName), "threads": .int(pool.threads),
            "tokens": .int(batch.tokens.count), "operations_per_token": .double(operationsPerToken),
            "peak_operations_per_second": .double(peak),
        ]
    }

    mutating func run(steps count: Int) -> JSONValue {
        let clock = ContinuousClock()
        var (seconds, loss): ([JSONValue], Double) = ([], 0)
        let before = Self.usage
        for _ in 0..<count {
            steps += 1
            let duration = clock.measure { loss = step() }
            seconds.append(.double(duration / .seconds(1)))
        }
        let after = Self.usage
        return [
            "seconds": .array(seconds), "loss": .double(loss),
            "processor_seconds": .double(after.processorSeconds - before.processorSeconds),
            "peak_bytes": .int(after.peakBytes),
        ]
    }

    private func step() -> Double {
        Gradients.zero(network.gradients, pool: pool)
        let loss = network.forwardBackward(batch, scale: 1 / Float(batch.targetCount))
        let norm = Gradients.norm(network.gradients, pool: pool)
        optimizer.step(
            parameters: network.parameters, gradients: network.gradients, learningRate: 1e-3, step: steps,
            gradientScale: Gradients.clippingScale(norm: norm, limit: 1))
        network.parametersChanged()
        return loss.mean
    }

    /// Of this process so far.
    private static var usage: (processorSeconds: Double, peakBytes: Int) {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            let unit = 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            let unit = 1
        #endif
        let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        let rest = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        return (seconds + rest * 1e-6, Int(usage.ru_maxrss) * unit)
    }
}
