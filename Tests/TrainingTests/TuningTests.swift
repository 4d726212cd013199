import Foundation
import Kernels
import Model
import Testing
import Training
import Weights

@Suite(.serialized, .timeLimit(.minutes(2))) struct TuningTests {
    @Test(arguments: [RunStage.sft, .lora]) func learnsAnswersAndSaysSo(stage: RunStage) throws {
        let run = try TinyTuning(stage, steps: 60, dropout: 0)
        defer { run.remove() }
        let events = EventList()
        #expect(try run.begin(events.add).run(until: StopRequest()) == .finished)
        let (first, last) = (events.losses.prefix(5).reduce(0, +) / 5, events.losses.suffix(5).reduce(0, +) / 5)
        // Four ranks beside weights that mean nothing cannot learn much.
        #expect(last < first - (stage == .sft ? 0.5 : 0.02), "\(first), \(last)")
        #expect(events.events.contains { if case .validation = $0 { true } else { false } })
        let settings = try run.runFolder.configuration()
        #expect(settings.stage == stage && settings.base?.path == "\(run.base.path)/model")
    }

    @Test(arguments: [RunStage.sft, .lora, .dpo, .kto]) func stoppedAndResumedIsTheSame(stage: RunStage) throws {
        let whole = try TinyTuning(stage)
        defer { whole.remove() }
        #expect(try whole.begin().run(until: StopRequest()) == .finished)
        for stopAt in [1, 5, 6, 8, 11] {
            let run = try TinyTuning(stage)
            defer { run.remove() }
            let stop = StopRequest()
            let outcome = try run.begin { if case .step(let step) = $0, step.step == stopAt { stop.stop() } }
                .run(until: stop)
            #expect(outcome == .stopped)
            #expect(try run.resume().run(until: StopRequest()) == .finished)
            #expect(try run.weights(12) == whole.weights(12), "stopped at \(stopAt)")
        }
    }

    @Test func anotherBaseIsRefused() throws {
        let run = try TinyTuning(.lora, steps: 4)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let file = URL(filePath: "\(run.base.path)/model/model.safetensors")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: file)
        let error = #expect(throws: TrainingError.self) { try run.resume() }
        #expect(error?.description.contains("the base model") == true)
    }

    /// Only what is marked is learnt, and packing keeps rows full.
    @Test func marksSurviveTheRunsFolder() throws {
        let run = try TinyTuning(.sft, steps: 1)
        defer { run.remove() }
        _ = try run.begin()
        let data = try TrainingData(
            resuming: try run.runFolder.data(), cache: TokenCache(folder: run.runFolder.examplesPath))
        let source = data.sources[0]
        let found = source.training + source.heldOut
        #expect(found.count == run.input.examples.examples.count && !source.heldOut.isEmpty)
        for (index, example) in run.input.examples.examples.enumerated() {
            let document = source.shard.document(index)
            for place in 0..<document.tokens {
                #expect(source.shard.token(at: document.offset + place) == example.tokens[place])
                #expect(source.shard.isLearnt(at: document.offset + place) == example.isTarget[place])
            }
        }
        var stream = DataStream(sources: data.sources, sequence: 32, seed: 1)
        let batch = stream.next(rows: 8)
        #expect(batch.targetCount == stream.cursor.targets && batch.targetCount > 0)
        // Answers are as long as what was asked and its end.
        #expect(batch.targets.count { $0 < 0 } > batch.targets.count / 3)
    }

    /// The adapter that is served, the adapter that is merged, and the network that trained it say the same.
    @Test func anAdapterIsServedAndMerged() throws {
        let run = try TinyTuning(.lora, steps: 20)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let pool = try WorkerPool(threads: 2)
        let path = "\(run.folder.path)/adapter"
        let report = try AdapterExport(run: run.runFolder.path).write(to: path)
        let files = try ModelFiles.open("\(run.base.path)/model")
        let model = try Transformer(files, on: pool)
        let adapter = try Adapter(AdapterFiles.open(path), for: model)
        #expect(adapter.parameterCount == report.parameters && adapter.rank == 4)
        let tokens = run.input.examples.examples[0].tokens
        let plain = try logits(model, tokens, [], pool)
        let served = try logits(model, tokens, [AdapterUse(adapter, scale: 1)], pool)
        let merged = "\(run.folder.path)/merged.gguf"
        _ = try GGUFExport(ExportSource(run: run.runFolder.path), type: .f32).write(to: merged, on: pool)
        let whole = try logits(Transformer(ModelFiles.open(merged), on: pool), tokens, [], pool)
        #expect(Golden.relativeError(served, plain) > 0.01, "it has learnt something")
        #expect(Golden.relativeError(whole, served) < 1e-5)
        let folder = "\(run.folder.path)/merged"
        _ = try FolderExport(ExportSource(run: run.runFolder.path), type: .f32).write(to: folder, on: pool)
        #expect(try logits(Transformer(ModelFiles.open(folder), on: pool), tokens, [], pool) == whole)
    }

    /// What is exported says what it consists of, and is refused with anything else.
    @Test func exportsAreBundles() throws {
        let run = try TinyTuning(.lora, steps: 2)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let pool = try WorkerPool(threads: 1)
        let (adapter, merged, folder) = (
            "\(run.folder.path)/adapter", "\(run.folder.path)/merged.gguf", "\(run.folder.path)/merged"
        )
        _ = try AdapterExport(run: run.runFolder.path).write(to: adapter)
        _ = try GGUFExport(ExportSource(run: run.runFolder.path), type: .q8_0).write(to: merged, on: pool)
        _ = try FolderExport(ExportSource(run: run.runFolder.path), type: .f32).write(to: folder, on: pool)
        let base = "\(run.base.path)/model"
        try ModelBundle.check(adapter: adapter, on: ModelFiles.open(base))
        #expect(throws: WeightsError.self) { try ModelBundle.check(adapter: adapter, on: ModelFiles.open(folder)) }
        for path in [merged, folder] {
            let bundle = try #require(try ModelBundle.of(ModelFiles.open(path)))
            #expect(bundle.parts[.training] != nil && bundle.parts[.data] != nil && bundle.baseName == "model")
            _ = try BaseReference(path: path)
        }
        let config = URL(filePath: "\(folder)/tokenizer_config.json")
        let text = try String(contentsOf: config, encoding: .utf8)
        try Data(text.replacing("chat_template", with: "chat_templates").utf8).write(to: config)
        do {
            _ = try BaseReference(path: folder)
            Issue.record("another tokenizer is no base")
        } catch {
            #expect("\(error)".contains("part “tokenizer”"), "\(error)")
        }
    }

    /// The template that renders examples is the one that serves.
    @Test func anAdapterIsNotExportedBesideAnotherTemplate() throws {
        let run = try TinyTuning(.lora, steps: 1)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let path = URL(filePath: "\(run.base.path)/model/chat_template.jinja")
        try Data("{{ messages[0] }}".utf8).write(to: path)
        #expect(throws: TrainingError.self) { try AdapterExport(run: run.runFolder.path) }
    }

    /// A run that was tuned is a base again, and is exported; an adapter is no base.
    @Test func runsAreBases() throws {
        let run = try TinyTuning(.sft, steps: 4)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        let base = try BaseReference(path: run.runFolder.path)
        #expect(base.isCheckpoint && base.path.hasSuffix("step-00000004"))
        let pool = try WorkerPool(threads: 1)
        let network = try Network(
            configuration: base.open().configuration, base: base.open(), precision: .fp32, rows: 1, sequence: 32,
            recompute: .none, pool: pool)
        network.initialize(seed: 1)
        let tokens = run.input.examples.examples[0].tokens
        let file = "\(run.folder.path)/tuned.gguf"
        _ = try GGUFExport(ExportSource(run: run.runFolder.path), type: .f32).write(to: file, on: pool)
        let served = try logits(Transformer(ModelFiles.open(file), on: pool), tokens, [], pool)
        #expect(Golden.relativeError(network.logits(tokens), served) < 1e-5)
        let adapted = try TinyTuning(.lora, steps: 1)
        defer { adapted.remove() }
        #expect(try adapted.begin().run(until: StopRequest()) == .finished)
        #expect(throws: TrainingError.self) { try BaseReference(path: adapted.runFolder.path) }
        #expect(throws: TrainingError.self) { try AdapterExport(run: run.runFolder.path) }
    }

    private func logits(
        _ model: Transformer, _ tokens: [Int32], _ adapters: [AdapterUse], _ pool: WorkerPool
    ) throws -> [Float] {
        let workspace = Workspace(model, tokensMax: tokens.count, logitRowsMax: tokens.count)
        let run = TokenRun(
            tokens: tokens, firstPosition: 0, pages: [0, 1], wants: .allLogits, adapters: adapters)
        return model.forward(
            [run], cache: try model.makeCache(tokens: 64, element: .f32), workspace: workspace, on: pool
        ).logits.copy()
    }
}
