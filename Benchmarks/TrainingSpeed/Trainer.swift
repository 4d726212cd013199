import Foundation
import JSON
import Kernels
import Model
import Training
import Weights

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
        let (rows, sequence) = (options.int("rows", default: 8), options.int("sequence", default: 512))
        network = try Self.network(options, rows, sequence, pool)
        network.initialize(seed: 1)
        optimizer = try Optimizer(
            settings: OptimizerSettings(kind: options["optimizer"].flatMap(OptimizerSettings.Kind.init) ?? .adamw),
            layout: network.layout, pool: pool)
        let (count, vocabulary) = (rows * sequence, network.configuration.vocabularySize)
        // A linear congruence: tokens need not be good random numbers.
        var state: UInt32 = 1
        let tokens = (0..<count).map { _ -> Int32 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int32(state >> 8) % Int32(vocabulary)
        }
        // Answers stand at the end of what is asked.
        let untaught = options["taught"].flatMap(Double.init).map { Int(Double(sequence) * (1 - $0)) } ?? 0
        let targets = (Array(tokens[1...]) + [0]).enumerated().map { $0 % sequence < untaught ? -1 : $1 }
        batch = TrainingBatch(
            rows: rows, sequence: sequence, tokens: tokens, targets: targets,
            documents: Array(repeating: 0, count: count))
        peak = TrainingKernels.peak(network.precision, on: pool)
    }

    private static func network(
        _ options: Options, _ rows: Int, _ sequence: Int, _ pool: WorkerPool
    ) throws -> Network {
        let precision = options["precision"].flatMap(Precision.init) ?? .bf16
        let recompute = options["recompute"].flatMap(Recomputation.init) ?? .none
        guard let model = options["model"] else {
            return try Network(
                configuration: configuration(options.shape), precision: precision, rows: rows, sequence: sequence,
                recompute: recompute, pool: pool)
        }
        let base = try BaseModel(ModelFiles.open(model))
        guard options.shape == "lora" else {
            return try Network(
                configuration: base.configuration, base: base, precision: precision, rows: rows, sequence: sequence,
                recompute: recompute, pool: pool)
        }
        let targets = options["targets"].map { list in
            list.split(separator: ",").compactMap { AdapterTarget(rawValue: "\($0)") }
        }
        return try Network(
            base: base,
            adapter: AdapterSettings(
                rank: options.int("rank", default: 8), targets: targets ?? AdapterTarget.allCases),
            precision: precision, rows: rows, sequence: sequence, recompute: recompute,
            panelBytesMax: options.int("panel-megabytes", default: 4096) << 20, pool: pool)
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

    /// Operations a token: six a weight that is trained and four a frozen one (the head's only where there are
    /// targets), and attention over half of the row on average.
    private var operationsPerToken: Double {
        let c = network.configuration
        let heads = c.vocabularySize * c.embeddingDim
        let all = ParameterLayout(c).entries.filter { $0.shape.count > 1 }.reduce(0) { $0 + $1.count }
        let inner = Double(all - heads * (c.tiesEmbeddings == false ? 2 : 1))
        let taught = Double(heads) * Double(batch.targetCount) / Double(batch.tokens.count)
        let attention = 6 * Double(c.layers * c.heads * c.keyDim * batch.sequence)
        guard network.adapter != nil else { return 6 * (inner + taught) + attention }
        return 4 * (inner + taught) + 6 * Double(network.layout.count) + attention
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
