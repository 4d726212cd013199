import Foundation
import Instructions
import Kernels
import Testing
import Training

@Suite(.serialized, .timeLimit(.minutes(2))) struct PreferenceTests {
    // MARK: Objectives

    /// Slopes are the differences of the loss.
    @Test func slopesAreTheDifferences() {
        var random = RandomNumbers()
        let objectives: [(any PreferenceObjective, [ExampleLabel])] = [
            (DirectPreference(beta: 0.3, smoothing: 0, imitation: 0), [.chosen, .rejected]),
            (DirectPreference(beta: 0.1, smoothing: 0.2, imitation: 0.5), [.chosen, .rejected]),
            (ProspectPreference(beta: 0.2, goodWeight: 1, badWeight: 1.5), [.good]),
            (ProspectPreference(beta: 0.2, goodWeight: 1, badWeight: 1.5), [.bad]),
        ]
        for (objective, labels) in objectives {
            let numbers = random.floats(labels.count * 2).map { Double($0) * 4 + 30 }
            let answers = labels.enumerated().map {
                ScoredAnswer(label: $1, policy: numbers[2 * $0], reference: numbers[2 * $0 + 1], targets: 7)
            }
            var means = Means()
            func loss(_ answers: [ScoredAnswer]) -> Double { objective.loss(answers, drift: 0.4, &means).loss }
            let slopes = objective.loss(answers, drift: 0.4, &means).slopes
            for index in answers.indices {
                var (above, below) = (answers, answers)
                above[index].policy += 1e-4
                below[index].policy -= 1e-4
                let difference = (loss(above) - loss(below)) / 2e-4
                #expect(abs(slopes[index] - difference) < 1e-7, "\(objective), seed \(random.seed)")
            }
        }
    }

    /// By hand: β 0.1, log-ratios of 2 and -1.
    @Test func lossesAreThePapers() {
        var means = Means()
        let pair = [
            ScoredAnswer(label: .chosen, policy: 10, reference: 12, targets: 5),
            ScoredAnswer(label: .rejected, policy: 9, reference: 8, targets: 4),
        ]
        let dpo = DirectPreference(beta: 0.1, smoothing: 0, imitation: 0).loss(pair, drift: 0, &means).loss
        #expect(abs(dpo - -log(1 / (1 + exp(-0.3)))) < 1e-12)
        #expect(means["accuracy"] == 1 && abs((means["margin"] ?? 0) - 0.3) < 1e-12)
        let kto = ProspectPreference(beta: 0.1, goodWeight: 2, badWeight: 1)
        let good = kto.loss([ScoredAnswer(label: .good, policy: 10, reference: 12, targets: 5)], drift: 1, &means)
        #expect(abs(good.loss - 2 * (1 - 1 / (1 + exp(-0.1)))) < 1e-12)
        let bad = kto.loss([ScoredAnswer(label: .bad, policy: 10, reference: 12, targets: 5)], drift: 1, &means)
        #expect(abs(bad.loss - (1 - 1 / (1 + exp(0.1)))) < 1e-12)
    }

    // MARK: The network

    /// Weights that are all the same are a scale; others are the gradient of the weighted sum.
    @Test(arguments: [false, true]) func weightsCountLosses(isAdapted: Bool) throws {
        let golden = try TuningGolden("qwen2", facts: isAdapted ? "adapter" : nil)
        let network = try isAdapted ? golden.adapted() : golden.network()
        _ = network.forwardBackward(golden.batch, scale: golden.scale)
        let plain = network.gradients.copy()
        Gradients.zero(network.gradients, pool: try WorkerPool(threads: 1))
        let losses = network.forwardBackward(golden.batch) { $0.map { _ in golden.scale } }
        #expect(losses == network.losses(golden.batch))
        let weighted = network.gradients.copy()
        let size = plain.reduce(0) { max($0, abs($1)) }
        #expect(zip(plain, weighted).allSatisfy { abs($0 - $1) <= 1e-5 * size })
        // A position that counts nothing teaches nothing.
        let half = golden.batch.targets.indices.map { Float($0 % 2) * golden.scale }
        Gradients.zero(network.gradients, pool: try WorkerPool(threads: 1))
        _ = network.forwardBackward(golden.batch) { _ in half }
        let every = network.gradients.copy()
        var fewer = golden.batch
        for index in half.indices where half[index] == 0 { fewer.targets[index] = -1 }
        Gradients.zero(network.gradients, pool: try WorkerPool(threads: 1))
        _ = network.forwardBackward(fewer, scale: golden.scale)
        #expect(zip(every, network.gradients.copy()).allSatisfy { abs($0 - $1) <= 1e-5 * size })
        #expect(every != plain)
    }

    @Test func otherParametersForAWhile() throws {
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let network = try golden.adapted()
        let own = network.parameters.copy()
        let losses = network.losses(golden.batch)
        let base = network.withParameters(network.initialParameters(seed: 3)) { network.losses(golden.batch) }
        #expect(base != losses && network.parameters.copy() == own && network.losses(golden.batch) == losses)
        // An adapter at its start is its base.
        let zero = network.withParameters(FloatBuffer(count: network.layout.count)) { network.losses(golden.batch) }
        #expect(zero == base)
    }

    // MARK: Runs

    @Test(arguments: [RunStage.dpo, .kto], [false, true]) func preferencesAreLearnt(
        stage: RunStage, isAdapted: Bool
    ) throws {
        let run = try TinyTuning(stage, steps: 60, dropout: 0, isAdapted: isAdapted)
        defer { run.remove() }
        let events = EventList()
        #expect(try run.begin(events.add).run(until: StopRequest()) == .finished)
        let steps = events.events.compactMap { if case .step(let step) = $0 { step } else { nil } }
        func mean(_ steps: ArraySlice<RunEvent.Step>, _ name: String) -> Double {
            steps.reduce(0) { $0 + ($1.measures[name] ?? 0) } / Double(steps.count)
        }
        let gap = mean(steps.suffix(10), "reward_chosen") - mean(steps.suffix(10), "reward_rejected")
        #expect(gap > (isAdapted ? 0.002 : 0.2), "\(gap)")
        #expect(abs(mean(steps.prefix(1), "reward_chosen")) < 1e-6, "it begins where its reference is")
        let validations = events.events.compactMap { if case .validation(let line) = $0 { line } else { nil } }
        #expect(validations.last?.measures["accuracy"] != nil && validations.last?.bitsPerByte["all"] != nil)
        let settings = try run.runFolder.configuration()
        #expect(settings.stage == stage && (settings.adapter != nil) == isAdapted)
    }

    /// Reference losses that were changed are not learnt with.
    @Test func aDamagedReferenceIsRefused() throws {
        let run = try TinyTuning(.dpo, steps: 2)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let file = URL(filePath: "\(run.runFolder.path)/reference.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing(/(\d)\.(\d)/) { "\($0.1).\($0.2 == "1" ? "2" : "1")" }
            .write(to: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: TrainingError.self) { try run.resume().run(until: StopRequest()) }
        #expect(error?.description.contains("reference.json") == true)
        try FileManager.default.removeItem(at: file)
        #expect(try run.resume().run(until: StopRequest()) == .finished)
    }
}
