import Foundation
import Kernels
import Testing
import Training

@Suite(.timeLimit(.minutes(2)))
struct TrainerTests {
    @Test func learnsAndSaysSo() throws {
        var run = try TinyRun(steps: 60)
        defer { run.remove() }
        run.configuration.prompts = ["number"]
        run.configuration.sampleEvery = 60
        // Two languages in four rows of 32: batches are as unlike as the guard looks for.
        run.configuration.guards.deviationsMax = 0
        let events = EventList()
        #expect(try run.begin(events.add).run(until: StopRequest()) == .finished)
        #expect(events.losses.count == 60)
        #expect((events.losses.last ?? 9) < events.losses[0] - 0.5)
        guard
            let validation = events.events.compactMap({ if case .validation(let value) = $0 { value } else { nil } })
                .last
        else {
            Issue.record("no validation")
            return
        }
        #expect(Set(validation.bitsPerByte.keys) == ["zh", "en", "all"])
        #expect(validation.bitsPerByte.values.allSatisfy { $0 > 0 && $0 < 9 })
        #expect(events.events.contains { if case .sample(60, "number", _) = $0 { true } else { false } })
        let log = try run.runFolder.log()
        #expect(log.count { $0["event"] == "step" } == 60 && log.last?["event"] == "end")
        let summary = try RunSummary(run.runFolder)
        #expect(summary.step == 60 && summary.isFinished && summary.bitsPerByte["zh"] != nil)
    }

    @Test func stoppedAndResumedIsTheSame() throws {
        let whole = try TinyRun()
        defer { whole.remove() }
        #expect(try whole.begin().run(until: StopRequest()) == .finished)
        for stopAt in 1..<12 {
            let run = try TinyRun()
            defer { run.remove() }
            let stop = StopRequest()
            let outcome = try run.begin { if case .step(let step) = $0, step.step == stopAt { stop.stop() } }
                .run(until: stop)
            #expect(outcome == .stopped)
            let second = try run.resume()
            #expect(second.step == stopAt)
            #expect(try second.run(until: StopRequest()) == .finished)
            #expect(try run.weights(12) == whole.weights(12), "stopped at \(stopAt)")
        }
    }

    /// A request to stop comes while a validation is due: it is made up for, so that curves have no holes.
    @Test(arguments: [6, 12]) func aValidationThatIsCutShortIsMadeUpFor(step: Int) throws {
        let run = try TinyRun()
        defer { run.remove() }
        let stop = StopRequest()
        _ = try run.begin { if case .step(let done) = $0, done.step == step { stop.stop() } }.run(until: stop)
        func validations() throws -> [Int?] {
            try run.runFolder.log().filter { $0["event"] == "validation" }.map { $0["step"]?.int }
        }
        #expect(try validations() == [6, 12].filter { $0 < step })
        #expect(try run.resume().run(until: StopRequest()) == .finished)
        #expect(try validations() == [6, 12])
        #expect(try run.resume().run(until: StopRequest()) == .finished)
        #expect(try validations() == [6, 12], "once")
    }

    @Test func tokenisingIsGivenUp() throws {
        let run = try TinyRun()
        defer { run.remove() }
        #expect(throws: TrainingError.stopped) {
            try Trainer(
                beginning: run.runFolder, run.configuration, pool: WorkerPool(threads: 1),
                progress: { _ throws(TrainingError) in throw .stopped }, report: { _ in })
        }
        #expect(!run.runFolder.exists)
        let left = try FileManager.default.contentsOfDirectory(atPath: run.configuration.cache)
        #expect(left.isEmpty, "\(left)")
        #expect(try run.begin().run(until: StopRequest()) == .finished)
    }

    /// What cannot be begun leaves nothing behind, and is told before text is tokenised.
    @Test func aRunThatCannotBeginLeavesNoFolder() throws {
        var run = try TinyRun()
        defer { run.remove() }
        let sound = run.configuration
        run.configuration.data = [DataPath(path: "\(run.folder.path)/nowhere.txt")]
        #expect(throws: TrainingError.self) { try run.begin() }
        run.configuration = sound
        run.configuration.model = ModelShape(layers: 80, dim: 65536, vocabularySize: 257, contextTokens: 32)
        #expect { try run.begin() } throws: { error in
            if case TrainingError.invalidSetting("memory", _, _) = error { true } else { false }
        }
        #expect(!FileManager.default.fileExists(atPath: run.runFolder.path))
        #expect(!FileManager.default.fileExists(atPath: sound.cache))
    }

    @Test func stepsThatAreDoneCannotBeTakenBack() throws {
        let run = try TinyRun()
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let steps = run.runFolder.checkpoints.steps
        #expect { try run.resume(change: { $0.steps = 5 }) } throws: { error in
            if case TrainingError.invalidSetting("steps", _, "5") = error { true } else { false }
        }
        #expect(run.runFolder.checkpoints.steps == steps)
        #expect(try run.runFolder.configuration().steps == 12)
    }

    @Test func nothingIsWatchedThatNobodyAskedFor() throws {
        var run = try TinyRun()
        defer { run.remove() }
        run.configuration.validateEvery = 0
        run.configuration.prompts = ["number"]
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let events = try run.runFolder.log().compactMap { $0["event"]?.string }
        #expect(!events.contains("validation") && !events.contains("sample"))
    }

    @Test func microBatchesDoNotChangeTheGradients() throws {
        var losses: [[Double]] = []
        for rows in [1, 2, 4] {
            var run = try TinyRun()
            defer { run.remove() }
            run.configuration.microRows = rows
            let events = EventList()
            #expect(try run.begin(events.add).run(until: StopRequest()) == .finished)
            losses.append(events.losses)
        }
        for other in losses.dropFirst() {
            #expect(zip(losses[0], other).allSatisfy { abs($0 - $1) < 1e-4 * $0 })
        }
    }

    @Test func aRunIsMadeLongerFromBeforeItsDecay() throws {
        let run = try TinyRun()
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let ended = try run.weights(12)
        let longer = try run.resume(change: { configuration in
            configuration.steps = 20
            configuration.schedule = Schedule(kind: .warmupStableDecay, peak: 0.01, steps: 20, warmup: 2, decaySteps: 2)
        })
        #expect(longer.step == 10)
        #expect(try longer.run(until: StopRequest()) == .finished)
        #expect(run.runFolder.checkpoints.steps.first == 20)
        // The decayed weights are still there.
        let kept = URL(filePath: "\(run.runFolder.checkpoints.folder)/aside-step-00000012/weights.safetensors")
        #expect(try Data(contentsOf: kept) == ended)
        // As if it had been so long from the beginning.
        var whole = try TinyRun(steps: 20)
        defer { whole.remove() }
        whole.configuration.saveEvery = 20
        #expect(try whole.begin().run(until: StopRequest()) == .finished)
        #expect(try run.weights(20) == whole.weights(20))
    }

    @Test func badStepsAreSkippedAndTheRunGoesBack() throws {
        var run = try TinyRun(steps: 60)
        defer { run.remove() }
        // Steps this large make the loss leap: nothing is learnt, and the guards end it.
        run.configuration.schedule = Schedule(kind: .warmupStableDecay, peak: 1e30, steps: 60, warmup: 0)
        let events = EventList()
        let trainer = try run.begin(events.add)
        #expect {
            try trainer.run(until: StopRequest())
        } throws: {
            if case .diverged? = $0 as? TrainingError { true } else { false }
        }
        #expect(events.events.count { if case .rolledBack = $0 { true } else { false } } >= 3)
        #expect(events.events.count { if case .skipped = $0 { true } else { false } } >= 9)
    }

    @Test func aRunIsTrainedByOneProgramAtATime() throws {
        let run = try TinyRun()
        defer { run.remove() }
        let trainer = try run.begin()
        #expect(throws: TrainingError.runIsBusy(path: run.runFolder.path)) { try run.resume() }
        #expect(throws: TrainingError.runExists(path: run.runFolder.path)) { try run.begin() }
        #expect(trainer.step == 0)
    }

    @Test func whatChangedIsRefused() throws {
        let run = try TinyRun()
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        #expect(throws: TrainingError.self) { try run.resume(change: { $0.seed = 2 }) }
        #expect(throws: TrainingError.self) { try run.resume(change: { $0.clip = 3 }) }
        _ = try run.resume(change: { $0.saveEvery = 3 })
        // Text that is gone does not matter while its tokens are there.
        try FileManager.default.removeItem(atPath: run.configuration.data[0].path)
        _ = try run.resume()
        try FileManager.default.removeItem(atPath: run.configuration.cache)
        #expect(throws: TrainingError.self) { try run.resume() }
        try run.folder.write("a.jsonl", texts: ["other text", "and more"])
        #expect(throws: TrainingError.self) { try run.resume() }
        try Data("{}".utf8).write(to: URL(filePath: "\(run.runFolder.tokenizerPath)/tokenizer_config.json"))
        #expect(throws: TrainingError.self) { try run.resume() }
    }
}
