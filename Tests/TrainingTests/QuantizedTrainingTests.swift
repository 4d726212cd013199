import Kernels
import Model
import Testing
import Training
import Weights

/// Weights that stay quantised on the way forward, as they are served.
@Suite(.serialized) struct QuantizedTrainingTests {
    /// Several weights of different types in one product, whole pieces and parts of them.
    @Test(arguments: [1, 5, 13, 48]) func productsAreTheServingKernels(tokens: Int) throws {
        var random = RandomNumbers()
        let depth = 256
        let pool = try WorkerPool(threads: 1)
        let weights = try [(ElementType.q8_0, 1056), (.q4_K, 32), (.q6_K, 70)].map { type, rows in
            let numbers = random.floats(rows * depth)
            let bytes = try #require(quantize(numbers, as: type))
            return try WeightMatrix(type: type, rows: rows, columns: depth, bytes: ByteView(copying: bytes))
        }
        let rows = 1056 + 32 + 70
        let x = try random.matrix(tokens, depth, .bf16)
        let served = Matrix(rows: tokens, columns: depth, values: x.view.copy())
        var expected = Array(repeating: [Float](), count: tokens)
        for weight in weights {
            let out = Matrix(rows: tokens, columns: weight.rows)
            weight.multiply(served, into: out, on: pool)
            for token in 0..<tokens { expected[token] += out.copyRow(token) }
        }
        let product = QuantizedProduct(weights)
        let scratch = try QuantizedScratch(rows: 48, depth: depth)
        let y = try Numbers(tokens, rows, .fp32)
        product.multiply(x.view, into: y.view, scratch: scratch)
        #expect(y.view.copy() == expected.flatMap { $0 }, "seed \(random.seed)")

        let base = try random.matrix(tokens, rows, .fp32)
        let sums = zip(expected.flatMap { $0 }, base.view.copy()).map { Double($0 + $1) }
        product.multiply(x.view, into: y.view, adding: base.view, scratch: scratch)
        #expect(relativeDifference(y.doubles, sums) < 1e-6, "seed \(random.seed)")
        let rounded = try Numbers(tokens, rows, .bf16)
        product.multiply(x.view, into: rounded.view, scratch: scratch)
        #expect(relativeDifference(rounded.doubles, expected.flatMap { $0.map(Double.init) }) < 5e-3)
    }

    /// x Wᵀ + h Bᵀ
    @Test func anAdapterIsAdded() throws {
        var random = RandomNumbers()
        let (tokens, depth, rows, room) = (7, 64, 1088, 32)
        let bytes = try #require(quantize(random.floats(rows * depth), as: .q8_0))
        let weight = try WeightMatrix(type: .q8_0, rows: rows, columns: depth, bytes: ByteView(copying: bytes))
        let (x, h) = (try random.matrix(tokens, depth, .bf16), try random.matrix(tokens, room, .bf16))
        let b = try random.matrix(rows, room, .fp32)
        let panels = try Panels(lanes: rows, depth: room, precision: .bf16)
        panels.pack(rowsOf: b.view, 0..<rows)
        let side = try Numbers(tokens, rows, .fp32)
        PanelProduct.multiply(h.view, by: panels, into: side.view)
        let scratch = try QuantizedScratch(rows: tokens, depth: depth)
        let (with, without) = (try Numbers(tokens, rows, .fp32), try Numbers(tokens, rows, .fp32))
        let product = QuantizedProduct([weight])
        product.multiply(x.view, into: without.view, scratch: scratch)
        product.multiply(
            x.view, into: with.view, side: QuantizedProduct.Side(inner: h.view, panels: panels), scratch: scratch)
        let expected = zip(without.doubles, side.doubles).map(+)
        #expect(relativeDifference(with.doubles, expected) < 1e-6, "seed \(random.seed)")
    }

    private func base(_ family: String, _ type: ElementType) throws -> (TuningGolden, BaseModel) {
        let golden = try TuningGolden(family)
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = try TinyGGUF(golden.folder.path).write(to: folder.path, matrices: type)
        return (golden, try BaseModel(ModelFiles.gguf(GGUFFile(path: path))))
    }

    private func network(
        _ base: BaseModel, _ golden: TuningGolden, _ precision: Precision, recompute: Recomputation = .none,
        panelBytesMax: Int = 1 << 30, threads: Int = 2, dropout: Double = 0
    ) throws -> Network {
        let network = try Network(
            base: base, adapter: AdapterSettings(rank: 5, alpha: 5, dropout: dropout), precision: precision,
            rows: golden.batch.rows, sequence: golden.batch.sequence, recompute: recompute,
            panelBytesMax: panelBytesMax, pool: try WorkerPool(threads: threads))
        network.initialize(seed: 1)
        // B begins as zeros, which would hide A's gradient.
        var random = RandomNumbers(seed: 7)
        for entry in network.layout.entries where entry.name.contains("lora_B") {
            for index in entry.range { network.parameters[index] = 0.1 * random.next() }
        }
        network.parametersChanged()
        return network
    }

    /// Beside the same weights expanded to floats.
    @Test(arguments: ["llama", "qwen2"], [ElementType.q8_0, .q4_0])
    func lossAndGradientsAreNearFloats(family: String, type: ElementType) throws {
        let (golden, base) = try base(family, type)
        let (floats, ours) = (try network(base, golden, .fp32), try network(base, golden, .bf16))
        let expected = floats.forwardBackward(golden.batch, scale: golden.scale)
        let loss = ours.forwardBackward(golden.batch, scale: golden.scale)
        #expect(loss.targets == expected.targets)
        #expect(abs(loss.mean - expected.mean) <= 5e-3 * expected.mean, "\(loss.mean), \(expected.mean)")
        let (learnt, exact) = (ours.gradients.copy(), floats.gradients.copy())
        let worst = Golden.error(learnt, exact, ours.layout)
        #expect(worst.error <= 0.08, "\(worst)")
        func product(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        let cosine = product(learnt, exact) / (product(learnt, learnt) * product(exact, exact)).squareRoot()
        #expect(cosine >= 0.998, "\(cosine)")
    }

    /// Whatever is kept, and however many compute it.
    @Test(arguments: [0, 0.25]) func sameBitsWithAnyMemoryAndThreads(dropout: Double) throws {
        let (golden, base) = try base("llama", .q8_0)
        var (loss, bits): (LossSum?, [UInt32]) = (nil, [])
        for (recompute, bytes, threads) in [
            (Recomputation.none, 1 << 30, 2), (.feedForward, 0, 1), (.all, 300_000, 3), (.all, 0, 2),
        ] {
            let network = try network(
                base, golden, .bf16, recompute: recompute, panelBytesMax: bytes, threads: threads, dropout: dropout)
            // Twice: panels that are made anew in each pass are the second pass's too.
            _ = network.forwardBackward(golden.batch, scale: golden.scale, noise: 3)
            let sum = network.forwardBackward(golden.batch, scale: golden.scale, noise: 4)
            let own = network.gradients.copy().map(\.bitPattern)
            if loss == nil { (loss, bits) = (sum, own) }
            #expect(sum == loss && own == bits, "\(recompute), \(bytes) bytes, \(threads) threads")
        }
    }
}
