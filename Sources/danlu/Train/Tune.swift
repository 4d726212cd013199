import ArgumentParser
import Assistant
import Foundation
import Instructions
import Training

/// `danlu train sft`: all weights of a model, with examples.
struct SupervisedTuning: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sft",
        abstract: Language.text(zh: "用示例微调全部权重。", en: "Tune all weights of a model with examples."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train sft --model runs/poems --data chat.jsonl --run runs/chat
                只学习回答和回答的结束符。内存约为参数量的 20 倍字节；大模型请用 danlu train lora。
                """,
            en: """
                Example:
                  danlu train sft --model runs/poems --data chat.jsonl --run runs/chat
                Answers are learnt, and the tokens that end them. Memory: some 20 bytes a parameter; for large models
                there is danlu train lora.
                """))

    @OptionGroup(title: Language.text(zh: "数据与模型", en: "Data and model")) var data: TuneDataFlags
    @OptionGroup(title: Language.text(zh: "训练", en: "Training")) var training: PretrainTrainingFlags
    @OptionGroup(title: Language.text(zh: "保存与观察", en: "Saving and watching")) var watching: PretrainWatchingFlags
    @OptionGroup var folder: TuneFolderFlags

    mutating func run() throws { try TuneJob(data, training, watching, folder).run(.sft) }
}

/// `danlu train lora`: an adapter beside a model.
struct LoRA: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lora",
        abstract: Language.text(zh: "用示例训练一个 LoRA 适配器。", en: "Train a LoRA adapter with examples."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train lora --model qwen2.5-1.5b-instruct --data mine.jsonl --run runs/mine
                  danlu export --run runs/mine --format peft --output mine-lora
                  danlu chat --model qwen2.5-1.5b-instruct --adapter mine-lora
                基础模型保持量化（QLoRA）；适配器为 PEFT 格式。
                """,
            en: """
                Examples:
                  danlu train lora --model qwen2.5-1.5b-instruct --data mine.jsonl --run runs/mine
                  danlu export --run runs/mine --format peft --output mine-lora
                  danlu chat --model qwen2.5-1.5b-instruct --adapter mine-lora
                The base stays quantised (QLoRA); adapters are PEFT's.
                """))

    @OptionGroup(title: Language.text(zh: "数据与模型", en: "Data and model")) var data: TuneDataFlags
    @OptionGroup(title: "LoRA") var lora: LoRAFlags
    @OptionGroup(title: Language.text(zh: "训练", en: "Training")) var training: PretrainTrainingFlags
    @OptionGroup(title: Language.text(zh: "保存与观察", en: "Saving and watching")) var watching: PretrainWatchingFlags
    @OptionGroup var folder: TuneFolderFlags

    mutating func run() throws {
        var job = TuneJob(data, training, watching, folder)
        try job.take(lora)
        try job.run(.lora)
    }
}

struct TuneFolderFlags: ParsableArguments {
    @Option(
        name: .customLong("run"),
        help: .init(
            Language.text(
                zh: "训练的文件夹；默认在 DANLU_HOME/runs 中。", en: "The run's folder; by default one in DANLU_HOME/runs."),
            valueName: "dir"))
    var folder: String?
    @Flag(help: .init(Language.text(zh: "每步输出一行 JSON。", en: "Print one JSON line a step."))) var json = false
}

/// What the verbs of tuning do once their options are known.
struct TuneJob {
    var settings = TuningSettings()
    private let data: TuneDataFlags
    private let folder: TuneFolderFlags

    init(
        _ data: TuneDataFlags, _ training: PretrainTrainingFlags, _ watching: PretrainWatchingFlags,
        _ folder: TuneFolderFlags
    ) {
        self.data = data
        self.folder = folder
        data.apply(to: &settings.common)
        training.apply(to: &settings.common)
        watching.apply(to: &settings.common)
        settings.epochs = data.epochs
    }

    mutating func take(_ lora: LoRAFlags) throws {
        settings.adapter = try lora.settings()
        settings.panelBytesMax = try lora.panelBytes()
    }

    func run(_ stage: RunStage, learning purpose: LessonSet.Purpose = .demonstrations) throws {
        guard !data.data.isEmpty else { throw ValidationError("--data") }
        let runFolder = RunFolder(path: folder.folder ?? RunsHome.newRun(size: stage.rawValue))
        guard !runFolder.exists else { throw TrainingError.runExists(path: runFolder.path) }
        let base = try BaseReference(path: Self.path(data.model))
        let model = try base.open(verifies: false).configuration
        let text = try TuningText(base)
        try settings.objective.teacher.map { try Self.compare($0, with: text) }
        let examples = try TuningExamples(
            data.data, text, for: purpose, scored: stage == .reward, tokensMax: settings.sequence(model) + 1,
            skipsBroken: data.skipBroken)
        let configuration = try settings.resolved(
            base: base, model: model, data: data.data, examples: examples.input.examples,
            threads: Processors.threads)
        try TrainingSession(json: folder.json, threads: configuration.threads).run { pool, _, report in
            let trainer = try Trainer(
                beginning: runFolder, configuration, tuningWith: examples.input, pool: pool, report: report)
            RunsHome.remember(runFolder)
            return trainer
        }
    }

    /// - Throws: `TrainingError.unsupported` when the teacher's tokens are others.
    private static func compare(_ teacher: BaseReference, with student: TuningText) throws {
        let theirs = try TuningText(teacher).tokenizer
        guard let difference = VocabularyComparison.difference(teacher: theirs, student: student.tokenizer) else {
            return
        }
        throw TrainingError.invalidSetting(
            name: "teacher",
            expected: "the student's vocabulary (or let it answer, with danlu data answer, and tune with that)",
            actual: "another: \(difference)")
    }

    /// A run, by its name or its folder, or whatever else names a model.
    static func path(_ model: String?) throws -> String {
        if let model, let run = try? RunsHome.run(model), (try? run.configuration()) != nil { return run.path }
        return try LocalModels.entry(model).path
    }
}
