import ArgumentParser
import Training

/// `danlu train reward`: a model that scores answers.
struct RewardTuning: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reward",
        abstract: Language.text(zh: "用成对的好坏回答训练一个奖励模型。", en: "Train a model that scores answers, from pairs."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train reward --model qwen2.5-0.5b-instruct --data pairs.jsonl --run runs/reward
                  danlu score --run runs/reward --data held-out.jsonl
                每行一对：{"prompt": "…", "chosen": "…", "rejected": "…"}。输出层换成一行权重，取回答最后一个词元处的分数。
                默认在冻结的模型旁训练 LoRA 适配器和这一行；--all-weights 训练全部权重。
                """,
            en: """
                Examples:
                  danlu train reward --model qwen2.5-0.5b-instruct --data pairs.jsonl --run runs/reward
                  danlu score --run runs/reward --data held-out.jsonl
                A pair a line: {"prompt": "…", "chosen": "…", "rejected": "…"}. One row of weights stands in place of
                the head; the score is its value at the answer's last token. A LoRA adapter and that row are trained
                beside a frozen model, or all weights with --all-weights.
                """))

    @OptionGroup(title: Language.text(zh: "数据与模型", en: "Data and model")) var data: TuneDataFlags
    @Option(help: .init(Language.text(zh: "每步多少对。", en: "Pairs of a step."))) var batch: Int?
    @Flag(help: .init(Language.text(zh: "训练全部权重，而不是适配器。", en: "Train all weights and no adapter.")))
    var allWeights = false
    @OptionGroup(title: "LoRA") var lora: LoRAFlags
    @OptionGroup(title: Language.text(zh: "训练", en: "Training")) var training: PretrainTrainingFlags
    @OptionGroup(title: Language.text(zh: "保存与观察", en: "Saving and watching")) var watching: PretrainWatchingFlags
    @OptionGroup var folder: TuneFolderFlags

    mutating func run() throws {
        var job = TuneJob(data, training, watching, folder)
        if !allWeights { try job.take(lora) }
        (job.settings.stage, job.settings.objective.groupsPerStep) = (.reward, batch)
        try job.run(.reward, learning: .pairs)
    }
}
