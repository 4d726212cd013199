import Foundation
import Instructions
import JSON
import Kernels
import Model
import Tokens
import Training
import Tuning
import Weights

/// A GRPO run of a tiny Qwen3 of random weights: answers are worth what their length is.
struct TinyTasks {
    let path = FileManager.default.temporaryDirectory.appending(path: "tasks-\(UUID().uuidString)").path
    let runFolder: RunFolder
    let input: TuningInput
    let file: TaskFile
    private(set) var configuration: RunConfiguration
    private let text: GroupPolicyLesson.Text

    private static let shape = ModelShape(
        layers: 2, dim: 64, heads: 2, kvHeads: 1, headDim: 32, feedForwardDim: 96, vocabularySize: 300,
        contextTokens: 128)

    init(adapter: AdapterSettings?, beta: Double = 0, steps: Int, reward: JSONValue) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        runFolder = RunFolder(path: "\(path)/run")
        let tokenizer = try Self.writeModel(to: path)
        var random = SplitMix64(seed: 4)
        let examples = (0..<40).map { line in
            InstructionExample(
                messages: [], lesson: .task(reward: reward), source: SourceLine(file: "tasks.jsonl", line: line + 1))
        }
        let prompts = examples.map { example in
            let count = Int.random(in: 2...9, using: &random)
            let tokens = (0..<count).map { _ in Int32.random(in: 20..<250, using: &random) }
            return RenderedExample(tokens: tokens, isTarget: tokens.map { _ in false }, source: example.source)
        }
        file = try TaskFile(examples)
        input = TuningInput(
            examples: LabelledExamples(demonstrations: prompts), tokenizer: tokenizer, template: "",
            path: "tasks.jsonl")
        text = GroupPolicyLesson.Text(tokenizer: tokenizer, endTokens: [0])
        var settings = TuningSettings()
        settings.stage = .grpo
        settings.adapter = adapter
        settings.objective.groupsPerStep = 4
        settings.objective.answersPerTask = 4
        settings.objective.answerTokensMax = 12
        settings.objective.beta = beta
        settings.objective.tasksHash = RunFolder.hash(tasks: file.bytes)
        settings.common.steps = steps
        settings.common.seq = 32
        settings.common.microRows = 4
        settings.common.batchTokens = 128
        settings.common.threads = 1
        settings.common.learningRate = adapter == nil ? 0.01 : 0.03
        settings.common.saveEvery = 2
        settings.common.validateEvery = 3
        settings.common.heldOut = 0.2
        let base = try BaseReference(path: "\(path)/model")
        configuration = try settings.resolved(
            base: base, model: Self.shape.configuration, data: ["tasks.jsonl"], examples: input.examples, threads: 1)
        configuration.guards.deviationsMax = 0
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func begin(_ report: @escaping (RunEvent) -> Void = { _ in }) throws -> Trainer {
        try runFolder.keep(tasks: file.bytes)
        return try Trainer(
            beginning: runFolder, configuration, tuningWith: input, pool: WorkerPool(threads: 1), lessons: lesson,
            report: report)
    }

    func resume() throws -> Trainer {
        try Trainer(
            resuming: runFolder, pool: WorkerPool(threads: 1), lessons: lesson, progress: { _ in }, report: { _ in })
    }

    private func lesson(_ context: LessonContext) throws(TrainingError) -> (any Lesson)? {
        try GroupPolicyLesson(context, text)
    }

    func weights(_ step: Int) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(runFolder.checkpoints.path(step))/\(Checkpoint.weightsName)"))
    }

    private static func writeModel(to path: String) throws -> Tokenizer {
        let folder = "\(path)/model"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let network = try Network(
            configuration: shape.configuration, precision: .fp32, rows: 1, sequence: 8, recompute: .none,
            pool: WorkerPool(threads: 1))
        network.initialize(seed: 6)
        let writer = try SafetensorsWriter(
            path: "\(folder)/model.safetensors",
            tensors: network.layout.entries.map { .init(name: $0.name, type: .f32, shape: $0.shape) })
        for entry in network.layout.entries {
            try writer.write(entry.name, network.parameters, from: entry.offset)
        }
        _ = try writer.finish()
        var trainer = try TokenizerTrainer(TokenizerTrainingSettings(vocabularySize: 290, threads: 1))
        trainer.add(Array("the quick brown fox, the quick dog 12345".utf8))
        let vocabulary = try trainer.vocabulary()
        try Data(vocabulary.tokenizerJSON()).write(to: URL(filePath: "\(folder)/tokenizer.json"))
        try Data(vocabulary.tokenizerConfigJSON()).write(to: URL(filePath: "\(folder)/tokenizer_config.json"))
        let config = JSONValue.object(ExportSource.qwen3(shape.configuration, vocabulary))
        try Data(config.serialized().utf8).write(to: URL(filePath: "\(folder)/config.json"))
        let source = try ExportSource(folder: folder)
        return try Tokenizer.huggingFace(
            tokenizerJSON: source.tokenizerJSON, tokenizerConfig: .object(source.tokenizerConfig))
    }
}
