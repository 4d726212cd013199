import Foundation
import Instructions
import Kernels
import Model
import Testing
import Tokens
import Training

/// A tuning run of the tiny Qwen3 of `TinyModel`, on some dozens of examples.
struct TinyTuning {
    let base: TinyModel
    let folder: TemporaryFolder
    let runFolder: RunFolder
    let input: TuningInput
    var configuration: RunConfiguration

    /// - Parameters:
    ///   - isAdapted: whether an adapter is trained; as the stage has it where that leaves no choice.
    ///   - teacher: of distillation; the base itself unless told.
    init(
        _ stage: RunStage, steps: Int = 12, dropout: Double = 0.1, isAdapted: Bool = true,
        teacher: BaseReference? = nil
    ) throws {
        base = try TinyModel()
        folder = try TemporaryFolder()
        runFolder = RunFolder(path: "\(folder.path)/run")
        let source = try base.source()
        let tokenizer = try Tokenizer.huggingFace(
            tokenizerJSON: source.tokenizerJSON, tokenizerConfig: .object(source.tokenizerConfig))
        var random = SplitMix64(seed: 4)
        let examples = (0..<40).map { line in
            let count = Int.random(in: 2...9, using: &random)
            let asked = (0..<count).map { _ in Int32.random(in: 0..<256, using: &random) }
            // What is answered follows from what was asked.
            let said = asked.map { ($0 + 1) % 256 } + [256]
            return RenderedExample(
                tokens: asked + said, isTarget: asked.map { _ in false } + said.map { _ in true },
                source: SourceLine(file: "examples.jsonl", line: line + 1))
        }
        input = TuningInput(
            examples: Self.labelled(examples, stage), tokenizer: tokenizer,
            template: source.chatTemplate ?? "{{ messages }}",
            path: "examples.jsonl")
        var settings = TuningSettings()
        if stage == .lora || stage != .sft && isAdapted {
            settings.adapter = AdapterSettings(rank: 4, dropout: dropout)
            settings.panelBytesMax = 0
        }
        if stage != .sft && stage != .lora { settings.stage = stage }
        settings.objective.groupsPerStep = 6
        settings.common.steps = steps
        settings.common.seq = 32
        settings.common.batchTokens = 128
        settings.common.microRows = 2
        settings.common.threads = 1
        settings.common.learningRate = 0.01
        settings.common.saveEvery = 4
        settings.common.validateEvery = 6
        let reference = try BaseReference(path: "\(base.path)/model")
        if stage == .distill { settings.objective.teacher = teacher ?? reference }
        configuration = try settings.resolved(
            base: reference, model: base.configuration, data: ["examples.jsonl"],
            examples: input.examples, threads: 1)
    }

    /// Pairs whose worse answer is the better one backwards, or answers of which every other one is backwards.
    private static func labelled(_ examples: [RenderedExample], _ stage: RunStage) -> LabelledExamples {
        func backwards(_ example: RenderedExample) -> RenderedExample {
            let answer = example.tokens.count - (example.tokens.count - 1) / 2 - 1
            let tokens = example.tokens[..<answer] + example.tokens[answer...].reversed()
            return RenderedExample(tokens: Array(tokens), isTarget: example.isTarget, source: example.source)
        }
        switch stage {
        case .dpo: return LabelledExamples(pairs: examples.map { ($0, backwards($0)) })
        case .reward: return LabelledExamples(scored: examples.map { ($0, backwards($0)) }, tokensMax: 33)
        case .kto:
            return LabelledExamples(
                judgements: examples.enumerated().map { index, example in
                    index % 2 == 0 ? (example, true) : (backwards(example), false)
                }, tokensMax: 33)
        default: return LabelledExamples(demonstrations: examples)
        }
    }

    func remove() { folder.remove() }

    func begin(_ report: @escaping (RunEvent) -> Void = { _ in }) throws -> Trainer {
        try Trainer(
            beginning: runFolder, configuration, tuningWith: input, pool: WorkerPool(threads: 1), report: report)
    }

    func resume() throws -> Trainer {
        try Trainer(resuming: runFolder, pool: WorkerPool(threads: 1), progress: { _ in }, report: { _ in })
    }

    func weights(_ step: Int) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(runFolder.checkpoints.path(step))/\(Checkpoint.weightsName)"))
    }
}
