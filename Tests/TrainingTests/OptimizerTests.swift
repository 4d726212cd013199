import Kernels
import Testing
import Training

@Suite(.serialized) struct OptimizerTests {
    /// Three steps with gradients times 1, -0.5 and 2, as Goldens/make_training.py.
    @Test(arguments: [("adamw.f32", OptimizerSettings.Kind.adamw), ("muon.f32", .muon)])
    func threeStepsAreTorchs(file: String, kind: OptimizerSettings.Kind) throws {
        let golden = try Golden()
        let network = try golden.network()
        let gradients = FloatBuffer(try golden.floats("gradients.f32"))
        let before = network.parameters.copy()
        var settings = OptimizerSettings(kind: kind)
        settings.precision = .fp32
        let optimizer = try Optimizer(settings: settings, layout: network.layout, pool: try WorkerPool(threads: 2))
        for (index, factor) in [Float(1), -0.5, 2].enumerated() {
            optimizer.step(
                parameters: network.parameters, gradients: gradients, learningRate: 1e-2, step: index + 1,
                gradientScale: factor)
        }
        let theirs = try golden.floats(file)
        for entry in network.layout.entries {
            let ours = entry.range.map { network.parameters[$0] - before[$0] }
            let torchs = entry.range.map { theirs[$0] - before[$0] }
            let error = Golden.relativeError(ours, torchs)
            #expect(error <= 1e-3, "\(entry.name): \(error)")
        }
    }

    @Test func muonInBFloatIsNear() throws {
        let golden = try Golden()
        let gradients = FloatBuffer(try golden.floats("gradients.f32"))
        var results: [[Float]] = []
        for precision in Precision.allCases {
            let network = try golden.network()
            let before = network.parameters.copy()
            var settings = OptimizerSettings(kind: .muon)
            settings.precision = precision
            try Optimizer(settings: settings, layout: network.layout, pool: try WorkerPool(threads: 2)).step(
                parameters: network.parameters, gradients: gradients, learningRate: 1e-2, step: 1, gradientScale: 1)
            results.append(zip(network.parameters.copy(), before).map { $0 - $1 })
        }
        #expect(Golden.relativeError(results[1], results[0]) < 0.05)
    }

    @Test func stateHasAFixedOrder() throws {
        let golden = try Golden()
        let layout = try golden.network().layout
        let pool = try WorkerPool(threads: 1)
        let adamw = try Optimizer(settings: OptimizerSettings(kind: .adamw), layout: layout, pool: pool)
        #expect(adamw.state.map(\.name) == ["adamw.first_moment", "adamw.second_moment"])
        #expect(adamw.state.allSatisfy { $0.buffer.count == layout.count })
        let muon = try Optimizer(settings: OptimizerSettings(kind: .muon), layout: layout, pool: pool)
        #expect(muon.state.map(\.name) == ["adamw.first_moment", "adamw.second_moment", "muon.momentum"])
        #expect(muon.state[0].buffer.count + muon.state[2].buffer.count == layout.count)
    }

    @Test func normIsExactAndCarriesWhatIsNotFinite() throws {
        let pool = try WorkerPool(threads: 2)
        let buffer = FloatBuffer(count: 200_000)
        for index in 0..<200_000 { buffer[index] = 0.5 }
        #expect(Gradients.norm(buffer, pool: pool) == (200_000 * 0.25).squareRoot())
        buffer[123_456] = .nan
        #expect(Gradients.norm(buffer, pool: pool).isNaN)
        buffer[123_456] = -.infinity
        #expect(Gradients.norm(buffer, pool: pool) == .infinity)
        Gradients.zero(buffer, pool: pool)
        #expect(Gradients.norm(buffer, pool: pool) == 0)
        #expect(Gradients.clippingScale(norm: 4, limit: 1) == 0.25 && Gradients.clippingScale(norm: 1, limit: 2) == 1)
    }
}
