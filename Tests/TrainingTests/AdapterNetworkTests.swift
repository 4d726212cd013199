import Kernels
import Model
import Testing
import Training

/// Gradients of LoRA's matrices beside a frozen base.
@Suite(.serialized) struct AdapterNetworkTests {
    @Test(arguments: TrainingKernels.Variant.allCases.filter(\.isSupported))
    func lossAndEveryGradientArePEFTs(variant: TrainingKernels.Variant) throws {
        defer { _ = TrainingKernels.select(NetworkTests.best) }
        #expect(TrainingKernels.select(variant))
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let network = try golden.adapted()
        let loss = network.forwardBackward(golden.batch, scale: golden.scale)
        #expect(abs(loss.mean - golden.loss) <= 1e-5 * golden.loss, "\(loss.mean), PEFT \(golden.loss)")
        let worst = Golden.error(network.gradients.copy(), try golden.floats("gradients.f32"), network.layout)
        #expect(worst.error <= 1e-4, "\(variant): \(worst)")
        let expected = try golden.floats("logits.f32")
        let logits = network.logits(Array(golden.batch.tokens[..<50]))
        #expect(logits.count == expected.count && Golden.relativeError(logits, expected) < 1e-5)
    }

    @Test func bfloatIsNearFloat() throws {
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let network = try golden.adapted(.bf16)
        let loss = network.forwardBackward(golden.batch, scale: golden.scale)
        #expect(abs(loss.mean - golden.loss) <= 3e-3 * golden.loss, "\(loss.mean), PEFT \(golden.loss)")
        let worst = Golden.error(network.gradients.copy(), try golden.floats("gradients.f32"), network.layout)
        #expect(worst.error <= 0.05, "\(worst)")
    }

    /// Whatever is kept, and however many compute it; with dropout too.
    @Test(arguments: [0, 0.25]) func sameBitsWithAnyMemoryAndThreads(dropout: Double) throws {
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let settings = AdapterSettings(rank: 3, alpha: 5, dropout: dropout)
        for precision in Precision.allCases {
            var (loss, bits): (LossSum?, [UInt32]) = (nil, [])
            for (recompute, bytes, threads) in [
                (Recomputation.none, 1 << 30, 2), (.feedForward, 0, 1), (.all, 300_000, 3), (.all, 0, 2),
            ] {
                let network = try golden.adapted(
                    precision, settings: settings, recompute: recompute, panelBytesMax: bytes, threads: threads)
                // Twice: panels that are made anew in each pass are the second pass's too.
                _ = network.forwardBackward(golden.batch, scale: golden.scale, noise: 3)
                let sum = network.forwardBackward(golden.batch, scale: golden.scale, noise: 4)
                let own = network.gradients.copy().map(\.bitPattern)
                if loss == nil { (loss, bits) = (sum, own) }
                #expect(sum == loss && own == bits, "\(precision), \(recompute), \(bytes) bytes, \(threads) threads")
            }
        }
    }

    /// The derivative of what the network computes with its dropout, by differences.
    @Test func dropoutsGradientIsTheDifferences() throws {
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let settings = AdapterSettings(rank: 3, alpha: 5, dropout: 0.3)
        let network = try golden.adapted(settings: settings)
        let loss = network.forwardBackward(golden.batch, scale: 1, noise: 9)
        let without = network.losses(golden.batch).reduce(0.0) { $0 + Double($1) }
        #expect(abs(loss.sum - without) > 1e-3 * without)
        let gradients = network.gradients.copy()
        // Along the gradient itself: its square is the slope.
        let square = gradients.reduce(0.0) { $0 + Double($1) * Double($1) }
        let step = 0.02 / square.squareRoot()
        func sum(_ sign: Double) -> Double {
            for index in gradients.indices { network.parameters[index] += Float(sign * step) * gradients[index] }
            network.parametersChanged()
            return network.forwardBackward(golden.batch, scale: 1, noise: 9).sum
        }
        let (above, below) = (sum(1), sum(-2))
        let slope = (above - below) / (2 * step)
        #expect(abs(slope - square) <= 0.02 * square, "\(slope), \(square)")
    }

    /// Only queries and values, as the paper has it; nothing else has a gradient.
    @Test func fewerTargetsAreFewerParameters() throws {
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let all = try golden.adapted()
        let some = try golden.adapted(settings: AdapterSettings(rank: 3, alpha: 5, targets: [.value, .query]))
        #expect(some.layout.count == 2 * 2 * (3 * 64 + 3 * 64) - 2 * 3 * 32)
        #expect(some.layout.entries.map(\.name).allSatisfy { $0.contains("q_proj") || $0.contains("v_proj") })
        #expect(some.layout.count < all.layout.count)
        let loss = some.forwardBackward(golden.batch, scale: golden.scale)
        #expect(loss.mean.isFinite && some.gradients.copy().contains { $0 != 0 })
    }

    @Test func aBatchIsLearntByHeart() throws {
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let pool = try WorkerPool(threads: 2)
        let settings = AdapterSettings(rank: 24, dropout: 0)
        let network = try golden.adapted(.bf16, settings: settings, panelBytesMax: 0)
        let optimizer = try Optimizer(settings: OptimizerSettings(kind: .adamw), layout: network.layout, pool: pool)
        let first = network.forwardBackward(golden.batch, scale: golden.scale)
        var loss = first
        for step in 1...80 {
            Gradients.zero(network.gradients, pool: pool)
            loss = network.forwardBackward(golden.batch, scale: golden.scale)
            optimizer.step(
                parameters: network.parameters, gradients: network.gradients, learningRate: 1e-2, step: step,
                gradientScale: 1)
            network.parametersChanged()
        }
        #expect(loss.mean < 0.6 * first.mean, "\(first.mean) to \(loss.mean)")
    }
}
