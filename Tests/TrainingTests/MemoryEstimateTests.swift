import Foundation
import Kernels
import Model
import Testing
import Training

@Suite struct MemoryEstimateTests {
    /// Qwen2.5's 0.5B, beside Q4_K_M of 491 MB, rank 8 on q and v, 1 x 512 tokens: peaks of whole programs were 1.93 GB
    /// with all panels kept and 1.26 GB with none; 1.84 and 1.17 where both directions had panels (docs/LOG.md).
    @Test(arguments: [(4 << 30, 491_400_064, 1.93e9), (0, 491_400_064, 1.26e9), (4 << 30, 0, 1.84e9), (0, 0, 1.17e9)])
    func adaptersTakeWhatWasMeasured(panelBytesMax: Int, quantizedBytes: Int, measured: Double) {
        var shape = ModelShape(
            layers: 24, dim: 896, heads: 14, kvHeads: 2, headDim: 64, feedForwardDim: 4864, vocabularySize: 151_936,
            contextTokens: 32_768
        ).configuration
        shape.tiesEmbeddings = true
        let estimate = MemoryEstimate(
            shape, adapter: AdapterSettings(rank: 8, targets: [.query, .value]), panelBytesMax: panelBytesMax,
            quantizedBytes: quantizedBytes, tokens: 512, precision: .bf16, optimizer: .adamw, recompute: .none)
        #expect(abs(estimate.total / measured - 1) < 0.2, "\(estimate)")
        // 24 layers of (896 + 896 + 896 + 128) x 8 numbers.
        #expect(estimate.gradients == 4 * 24 * 8 * 2816 && estimate.optimizer == 2 * estimate.gradients)
    }

    /// The engine that answers has the model and 32 answers' cache.
    @Test func answersNeedMemoryToo() throws {
        let run = try TinyTuning(.lora)
        defer { run.remove() }
        var configuration = run.configuration
        let without = MemoryEstimate(configuration)
        configuration.kind = .grpo
        let estimate = MemoryEstimate(configuration)
        let model = configuration.model.configuration
        let cache = 2 * model.layers * model.kvHeads * model.keyDim * 32 * configuration.sequence
        #expect(estimate.rollouts > Double(2 * cache) && estimate.total == without.total + estimate.rollouts)
    }

    /// A run that cannot be is refused before anything is made.
    @Test func runsThatDoNotFitAreRefused() throws {
        var run = try TinyTuning(.lora)
        defer { run.remove() }
        run.configuration.model.vocabularySize = 1 << 40
        do {
            _ = try run.begin()
            Issue.record("it began")
        } catch {
            #expect("\(error)".contains("memory") && "\(error)".contains("panel-memory"), "\(error)")
        }
        #expect(!FileManager.default.fileExists(atPath: run.runFolder.path))
    }
}
