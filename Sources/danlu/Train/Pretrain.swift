import ArgumentParser
import Assistant
import Foundation
import Training

/// `danlu train pretrain`: a model from text.
struct Pretrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pretrain",
        abstract: Language.text(zh: "用文本从头训练一个模型。", en: "Train a model from text, from the beginning."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train pretrain --data poems.jsonl.gz=2 --data manuals=1 --tokenizer tokenizer --size 3M \\
                      --steps 2000 --run runs/poems
                  danlu train pretrain --config run.json --run runs/poems      设置写在 JSON 文件里，命令行优先
                """,
            en: """
                Examples:
                  danlu train pretrain --data poems.jsonl.gz=2 --data manuals=1 --tokenizer tokenizer --size 3M \\
                      --steps 2000 --run runs/poems
                  danlu train pretrain --config run.json --run runs/poems      settings from JSON; flags go before them
                """))

    @OptionGroup(title: Language.text(zh: "数据与模型", en: "Data and model")) var model: PretrainModelFlags
    @OptionGroup(title: Language.text(zh: "训练", en: "Training")) var training: PretrainTrainingFlags
    @OptionGroup(title: Language.text(zh: "保存与观察", en: "Saving and watching")) var watching: PretrainWatchingFlags
    @Option(
        help: .init(Language.text(zh: "JSON 设置文件。", en: "A JSON file of settings."), valueName: "file"))
    var config: String?
    @Option(
        name: .customLong("run"),
        help: .init(
            Language.text(
                zh: "训练的文件夹；默认在 DANLU_HOME/runs 中。", en: "The run's folder; by default one in DANLU_HOME/runs."),
            valueName: "dir"))
    var folder: String?
    @Flag(help: .init(Language.text(zh: "每步输出一行 JSON。", en: "Print one JSON line a step."))) var json = false

    mutating func run() throws {
        var settings = try config.map { try TrainSettings(file: $0) } ?? TrainSettings()
        model.apply(to: &settings)
        training.apply(to: &settings)
        watching.apply(to: &settings)
        let configuration = try settings.resolved(cache: RunsHome.shards, threads: Processors.threads)
        let runFolder = RunFolder(path: folder ?? RunsHome.newRun(size: settings.size))
        guard !runFolder.exists else { throw TrainingError.runExists(path: runFolder.path) }
        try TrainingSession(json: json, threads: configuration.threads).run { pool, progress, report in
            let trainer = try Trainer(
                beginning: runFolder, configuration, pool: pool, progress: progress, report: report)
            RunsHome.remember(runFolder)
            return trainer
        }
    }
}
