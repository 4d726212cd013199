import Foundation
import Instructions
import JSON
import Kernels
import Testing
import Training

/// Reward models: runs, files, and scores of what was trained.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RewardTests {
    @Test(arguments: [true, false]) func betterAnswersComeToScoreMore(isAdapted: Bool) throws {
        let run = try TinyTuning(.reward, steps: 40, dropout: 0, isAdapted: isAdapted)
        defer { run.remove() }
        let events = EventList()
        #expect(try run.begin(events.add).run(until: StopRequest()) == .finished)
        let (first, final) = (events.losses.prefix(3).reduce(0, +), events.losses.suffix(3).reduce(0, +))
        #expect(final < first - 0.3, "\(first), \(final)")
        let validations = events.events.compactMap { if case .validation(let found) = $0 { found } else { nil } }
        let last = try #require(validations.last?.measures)
        let accuracy = try #require(last["accuracy"])
        let low = try #require(last["accuracy_low"])
        let margin = try #require(last["margin"])
        #expect(accuracy > 0.9 && low < accuracy)
        #expect(margin > 0 && last["length_correlation"] != nil)
    }

    @Test(arguments: [true, false]) func stoppedAndResumedIsTheSame(isAdapted: Bool) throws {
        let whole = try TinyTuning(.reward, isAdapted: isAdapted)
        defer { whole.remove() }
        #expect(try whole.begin().run(until: StopRequest()) == .finished)
        let run = try TinyTuning(.reward, isAdapted: isAdapted)
        defer { run.remove() }
        let stop = StopRequest()
        let outcome = try run.begin { if case .step(let step) = $0, step.step == 5 { stop.stop() } }.run(until: stop)
        #expect(outcome == .stopped)
        #expect(try run.resume().run(until: StopRequest()) == .finished)
        #expect(try run.weights(12) == whole.weights(12))
    }

    /// A run scores as its export does, with texts alone or together.
    @Test(arguments: [true, false]) func exportsScoreAsTheRun(isAdapted: Bool) throws {
        let run = try TinyTuning(.reward, steps: 20, isAdapted: isAdapted)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let pool = try WorkerPool(threads: 2)
        let texts = run.input.examples.examples.prefix(9).map { Array($0.tokens.dropLast()) }
        func scores(_ model: ScoreModel, _ texts: [[Int32]]) throws -> [Float] {
            try #require(model.scores(texts, unless: StopRequest()))
        }
        let trained = try ScoreModel(run: run.runFolder, tokensMax: 32, precision: .fp32, pool: pool)
        let together = try scores(trained, texts)
        let alone = try texts.flatMap { try scores(trained, [$0]) }
        #expect(Set(together).count > 5)
        #expect(Golden.relativeError(together, alone) < 1e-5)
        let path = "\(run.folder.path)/scorer"
        _ = try FolderExport(ExportSource(run: run.runFolder.path), type: .f32).write(to: path, on: pool)
        let config = try JSONValue(parsing: Data(contentsOf: URL(filePath: "\(path)/config.json")))
        #expect(config["architectures"]?[0]?.string == "Qwen3ForSequenceClassification")
        #expect(config["id2label"]?.object?.count == 1)
        let exported = try ScoreModel(folder: path, tokensMax: 32, precision: .fp32, pool: pool)
        let others = try scores(exported, texts)
        #expect(Golden.relativeError(others, together) < 1e-4)
    }

    @Test func filesAreForWhatTheyAre() throws {
        let run = try TinyTuning(.reward, steps: 2)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let adapter = "\(run.folder.path)/adapter"
        _ = try AdapterExport(run: run.runFolder.path).write(to: adapter)
        let config = try JSONValue(parsing: Data(contentsOf: URL(filePath: "\(adapter)/adapter_config.json")))
        #expect(config["task_type"]?.string == "SEQ_CLS")
        #expect(config["modules_to_save"]?[0]?.string == "score")
        #expect(throws: TrainingError.self) {
            try GGUFExport(ExportSource(run: run.runFolder.path), type: .f32)
        }
        let whole = try TinyTuning(.reward, steps: 1, isAdapted: false)
        defer { whole.remove() }
        #expect(try whole.begin().run(until: StopRequest()) == .finished)
        let error = #expect(throws: TrainingError.self) { try BaseReference(path: whole.runFolder.path) }
        #expect(error?.description.contains("reward") == true)
        let pool = try WorkerPool(threads: 1)
        #expect(throws: TrainingError.self) {
            try ScoreModel(folder: "\(whole.base.path)/model", tokensMax: 32, pool: pool)
        }
    }

    /// The last token stands twice, is learnt once, and fits.
    @Test func textsAreReadToTheirEnd() throws {
        let example = RenderedExample(
            tokens: [1, 2, 3, 4], isTarget: [false, false, true, true], source: SourceLine(file: "a", line: 1))
        let scored = try #require(example.scored(tokensMax: 9))
        #expect(scored.tokens == [1, 2, 3, 4, 4] && scored.isTarget == [false, false, true, true, false])
        #expect(example.scored(tokensMax: 4)?.tokens == [1, 2, 3, 3])
        #expect(example.scored(tokensMax: 3) == nil)
    }
}
