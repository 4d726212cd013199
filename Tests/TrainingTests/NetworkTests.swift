import Kernels
import Model
import Testing
import Training
import Weights

@Suite(.serialized) struct NetworkTests {
    /// Every variant of the kernels against PyTorch's double precision.
    @Test(arguments: TrainingKernels.Variant.allCases.filter(\.isSupported))
    func lossAndEveryGradientAreTorchs(variant: TrainingKernels.Variant) throws {
        defer { _ = TrainingKernels.select(Self.best) }
        #expect(TrainingKernels.select(variant))
        let golden = try Golden()
        let network = try golden.network()
        let loss = network.forwardBackward(golden.batch, scale: golden.scale)
        #expect(loss.targets == golden.batch.targetCount)
        #expect(abs(loss.mean - golden.loss) <= 1e-5 * golden.loss, "\(loss.mean), torch \(golden.loss)")
        let worst = Golden.error(network.gradients.copy(), try golden.floats("gradients.f32"), network.layout)
        #expect(worst.error <= 1e-4, "\(variant): \(worst)")
        let losses = network.losses(golden.batch)
        #expect(losses.reduce(0.0) { $0 + Double($1) } == loss.sum)
    }

    static let best = TrainingKernels.Variant.allCases.last { $0.isSupported } ?? .plain

    /// The model that trains is the model that serves.
    @Test func logitsAreTheServingModels() throws {
        let golden = try Golden()
        let pool = try WorkerPool(threads: 2)
        let model = try Transformer(golden.files, on: pool)
        let tokens = Array(golden.batch.tokens[..<60])
        let workspace = Workspace(model, tokensMax: 60, logitRowsMax: 60)
        let run = TokenRun(tokens: tokens, firstPosition: 0, pages: [0, 1], wants: .allLogits)
        let served = model.forward(
            [run], cache: try model.makeCache(tokens: 64, element: .f32), workspace: workspace, on: pool)
        let trained = try golden.network().logits(tokens)
        let largest = served.logits.copy().map(abs).max() ?? 0
        let error = zip(trained, served.logits.copy()).map { abs($0 - $1) }.max() ?? .infinity
        #expect(trained.count == 60 * 131 && error <= 1e-5 * largest, "\(error) of \(largest)")
    }

    @Test(arguments: Precision.allCases) func sameBitsWithAnyThreadsAndRecomputation(precision: Precision) throws {
        let golden = try Golden()
        let first = try golden.network(precision, threads: 2)
        let loss = first.forwardBackward(golden.batch, scale: golden.scale)
        let bits = first.gradients.copy().map(\.bitPattern)
        for recompute in Recomputation.allCases {
            for threads in [1, 2, 3] {
                let network = try golden.network(precision, recompute: recompute, threads: threads)
                #expect(network.forwardBackward(golden.batch, scale: golden.scale) == loss)
                #expect(network.gradients.copy().map(\.bitPattern) == bits, "\(recompute), \(threads) threads")
            }
        }
    }

    /// Rows one by one add up to the batch.
    @Test func accumulationIsTheLargeBatch() throws {
        let golden = try Golden()
        let whole = try golden.network()
        let loss = whole.forwardBackward(golden.batch, scale: golden.scale)
        let parts = try golden.network(rows: 1)
        var sum = LossSum()
        for row in 0..<golden.batch.rows {
            let range = row * golden.batch.sequence..<(row + 1) * golden.batch.sequence
            sum += parts.forwardBackward(
                TrainingBatch(
                    rows: 1, sequence: golden.batch.sequence, tokens: Array(golden.batch.tokens[range]),
                    targets: Array(golden.batch.targets[range]), documents: Array(golden.batch.documents[range])),
                scale: golden.scale)
        }
        #expect(sum.targets == loss.targets && abs(sum.sum - loss.sum) <= 1e-6 * loss.sum)
        let worst = Golden.error(parts.gradients.copy(), whole.gradients.copy(), whole.layout)
        #expect(worst.error <= 1e-5, "\(worst)")
    }

    @Test func bfloatIsNearFloat() throws {
        let golden = try Golden()
        let network = try golden.network(.bf16)
        let loss = network.forwardBackward(golden.batch, scale: golden.scale)
        #expect(abs(loss.mean - golden.loss) <= 2e-3 * golden.loss, "\(loss.mean), torch \(golden.loss)")
        let worst = Golden.error(network.gradients.copy(), try golden.floats("gradients.f32"), network.layout)
        #expect(worst.error <= 0.03, "\(worst)")
    }

    /// What is given up in the middle leaves nothing behind that the next pass could meet.
    @Test(arguments: Recomputation.allCases) func aPassCanBeGivenUp(recompute: Recomputation) async throws {
        let golden = try Golden()
        let untouched = try golden.network(recompute: recompute)
        let loss = untouched.forwardBackward(golden.batch, scale: golden.scale)
        let network = try golden.network(recompute: recompute)
        let parameters = network.parameters.copy().map(\.bitPattern)
        let stopped = StopRequest()
        stopped.stop()
        for microseconds in [0, 50, 200, 800] {
            let stop = microseconds == 0 ? stopped : StopRequest()
            let stopping = Task.detached {
                try await Task.sleep(for: .microseconds(microseconds))
                stop.stop()
            }
            _ = network.forwardBackward(golden.batch, scale: golden.scale, unless: stop)
            _ = network.losses(golden.batch, unless: stop)
            _ = network.logits([1, 2, 3], unless: stop)
            try await stopping.value
        }
        #expect(network.parameters.copy().map(\.bitPattern) == parameters)
        Gradients.zero(network.gradients, pool: try WorkerPool(threads: 1))
        #expect(network.forwardBackward(golden.batch, scale: golden.scale) == loss)
        #expect(network.gradients.copy().map(\.bitPattern) == untouched.gradients.copy().map(\.bitPattern))
    }

    /// Nothing is computed once nobody wants it.
    @Test func aPassThatIsGivenUpTakesNoTime() throws {
        let golden = try Golden()
        let network = try golden.network()
        let stop = StopRequest()
        stop.stop()
        _ = network.forwardBackward(golden.batch, scale: golden.scale, unless: stop)
        #expect(network.gradients.copy().allSatisfy { $0 == 0 })
    }

    /// Tokens of one document change nothing in another, and padding nothing at all.
    @Test func documentsAreApart() throws {
        let golden = try Golden()
        let network = try golden.network()
        let before = network.losses(golden.batch)
        var changed = golden.batch
        changed.tokens[3] = (changed.tokens[3] + 1) % 131
        let after = network.losses(changed)
        #expect(before[50...] == after[50...] && before[3..<49] != after[3..<49])
    }

    /// A batch without targets has no gradients; nothing becomes NaN.
    @Test func nothingIsLearntWithoutTargets() throws {
        let golden = try Golden()
        let network = try golden.network(.bf16)
        var batch = golden.batch
        batch.targets = Array(repeating: -1, count: batch.targets.count)
        #expect(network.forwardBackward(batch, scale: 1) == LossSum())
        #expect(network.gradients.copy().allSatisfy { $0 == 0 })
    }

    /// A row that teaches nothing leaves the gradients to the other.
    @Test(arguments: Precision.allCases) func rowsWithoutTargetsAddNothing(precision: Precision) throws {
        let golden = try Golden()
        let both = try golden.network(precision)
        var batch = golden.batch
        let count = batch.sequence
        for index in 0..<count { batch.targets[index] = -1 }
        let loss = both.forwardBackward(batch, scale: golden.scale)
        let alone = try golden.network(precision)
        let row = TrainingBatch(
            rows: 1, sequence: count, tokens: Array(batch.tokens[count...]), targets: Array(batch.targets[count...]),
            documents: Array(batch.documents[count...]))
        #expect(alone.forwardBackward(row, scale: golden.scale) == loss)
        let worst = Golden.error(both.gradients.copy(), alone.gradients.copy(), both.layout)
        #expect(worst.error <= (precision == .bf16 ? 1e-3 : 1e-5), "\(worst)")
    }

    @Test func oneBatchIsLearntByHeart() throws {
        let golden = try Golden()
        let pool = try WorkerPool(threads: 2)
        for precision in Precision.allCases {
            let network = try golden.network(precision)
            network.initialize(seed: 5)
            let optimizer = try Optimizer(
                settings: OptimizerSettings(kind: .adamw), layout: network.layout, pool: pool)
            var loss = LossSum()
            for step in 1...150 {
                Gradients.zero(network.gradients, pool: pool)
                loss = network.forwardBackward(golden.batch, scale: golden.scale)
                optimizer.step(
                    parameters: network.parameters, gradients: network.gradients, learningRate: 1e-2, step: step,
                    gradientScale: 1)
                network.parametersChanged()
            }
            #expect(loss.mean < 0.05, "\(precision): \(loss.mean)")
        }
    }

    @Test func oddShapesAreRefused() throws {
        let pool = try WorkerPool(threads: 1)
        var configuration = try Golden().configuration
        configuration.embeddingDim = 40
        #expect(throws: TrainingError.self) {
            try Network(
                configuration: configuration, precision: .fp32, rows: 1, sequence: 8, recompute: .none, pool: pool)
        }
    }
}
