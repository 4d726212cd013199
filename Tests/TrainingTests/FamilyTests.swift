import Kernels
import Model
import Testing
import Training
import Weights

/// Llama (a head of its own) and Qwen2 (biases, no norms of heads) are trained as Qwen3 is.
@Suite(.serialized) struct FamilyTests {
    @Test(arguments: ["llama", "qwen2"], TrainingKernels.Variant.allCases.filter(\.isSupported))
    func lossAndEveryGradientAreTorchs(family: String, variant: TrainingKernels.Variant) throws {
        defer { _ = TrainingKernels.select(NetworkTests.best) }
        #expect(TrainingKernels.select(variant))
        let golden = try TuningGolden(family)
        let network = try golden.network()
        let loss = network.forwardBackward(golden.batch, scale: golden.scale)
        #expect(loss.targets == golden.batch.targetCount)
        #expect(abs(loss.mean - golden.loss) <= 1e-5 * golden.loss, "\(loss.mean), torch \(golden.loss)")
        let worst = Golden.error(network.gradients.copy(), try golden.floats("gradients.f32"), network.layout)
        #expect(worst.error <= 1e-4, "\(variant): \(worst)")
        #expect(abs(network.losses(golden.batch).reduce(0.0) { $0 + Double($1) } - loss.sum) <= 1e-9 * loss.sum)
    }

    @Test(arguments: ["llama", "qwen2"]) func bfloatIsNearFloat(family: String) throws {
        let golden = try TuningGolden(family)
        let network = try golden.network(.bf16)
        let loss = network.forwardBackward(golden.batch, scale: golden.scale)
        #expect(abs(loss.mean - golden.loss) <= 3e-3 * golden.loss, "\(loss.mean), torch \(golden.loss)")
        let worst = Golden.error(network.gradients.copy(), try golden.floats("gradients.f32"), network.layout)
        #expect(worst.error <= 0.05, "\(worst)")
    }

    @Test(arguments: ["llama", "qwen2"]) func logitsAreTheServingModels(family: String) throws {
        let golden = try TuningGolden(family)
        let tokens = Array(golden.batch.tokens[..<60])
        try expectServed(tokens, golden.files, by: golden.network().logits(tokens))
    }

    /// In a GGUF file rows of llama's queries and keys lie in another order, and everything may be quantised.
    @Test(arguments: ["llama", "qwen2"], [ElementType.f32, .q8_0])
    func quantisedFilesAreBases(family: String, type: ElementType) throws {
        let golden = try TuningGolden(family)
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let source = try TinyGGUF(golden.folder.path)
        let files = ModelFiles.gguf(try GGUFFile(path: try source.write(to: folder.path, matrices: type)))
        let base = try BaseModel(files)
        let pool = try WorkerPool(threads: 2)
        let tokens = Array(golden.batch.tokens[..<60])
        let whole = try Network(
            configuration: base.configuration, base: base, precision: .fp32, rows: 1, sequence: 60, recompute: .none,
            pool: pool)
        whole.initialize(seed: 1)
        let frozen = try Network(
            base: base, adapter: AdapterSettings(rank: 4), precision: .fp32, rows: 1, sequence: 60, recompute: .none,
            panelBytesMax: 0, pool: pool)
        frozen.initialize(seed: 1)
        let logits = whole.logits(tokens)
        if type == .f32 { try expectServed(tokens, files, by: logits) }
        // An adapter that has learnt nothing changes nothing.
        #expect(frozen.logits(tokens) == logits)
    }

    private func expectServed(_ tokens: [Int32], _ files: ModelFiles, by trained: [Float]) throws {
        let pool = try WorkerPool(threads: 2)
        let model = try Transformer(files, on: pool)
        let workspace = Workspace(model, tokensMax: tokens.count, logitRowsMax: tokens.count)
        let run = TokenRun(tokens: tokens, firstPosition: 0, pages: [0, 1], wants: .allLogits)
        let served = model.forward(
            [run], cache: try model.makeCache(tokens: 64, element: .f32), workspace: workspace, on: pool
        ).logits.copy()
        let largest = served.map(abs).max() ?? 0
        let error = zip(trained, served).map { abs($0 - $1) }.max() ?? .infinity
        #expect(trained.count == served.count && error <= 1e-5 * largest, "\(error) of \(largest)")
    }
}
