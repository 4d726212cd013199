import ArgumentParser
import Training

/// `danlu train dpo`: pairs of answers, one better than the other.
struct DirectPreferenceTuning: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dpo",
        abstract: Language.text(zh: "用成对的好坏回答调整模型（DPO）。", en: "Tune with pairs of answers, one better (DPO)."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train dpo --model qwen2.5-0.5b-instruct --data pairs.jsonl --run runs/better
                每行一对：{"prompt": "…", "chosen": "…", "rejected": "…"}（其他写法见 danlu data check）。
                默认训练 LoRA 适配器；--all-weights 训练全部权重。
                """,
            en: """
                Example:
                  danlu train dpo --model qwen2.5-0.5b-instruct --data pairs.jsonl --run runs/better
                A pair a line: {"prompt": "…", "chosen": "…", "rejected": "…"} (danlu data check knows other forms).
                A LoRA adapter is trained, or all weights with --all-weights.
                """))

    @OptionGroup(title: Language.text(zh: "数据与模型", en: "Data and model")) var data: TuneDataFlags
    @OptionGroup(title: Language.text(zh: "偏好", en: "Preference")) var preference: PreferenceFlags
    @Option(help: .init(Language.text(zh: "可能标反的偏好对的份额。", en: "Share of pairs that may be the wrong way round.")))
    var labelSmoothing = 0.0
    @Option(
        help: .init(
            Language.text(
                zh: "同时模仿较好回答的权重（每词元损失）。", en: "What the better answer's own loss a token counts besides.")))
    var imitation = 0.0
    @OptionGroup(title: "LoRA") var lora: LoRAFlags
    @OptionGroup(title: Language.text(zh: "训练", en: "Training")) var training: PretrainTrainingFlags
    @OptionGroup(title: Language.text(zh: "保存与观察", en: "Saving and watching")) var watching: PretrainWatchingFlags
    @OptionGroup var folder: TuneFolderFlags

    mutating func run() throws {
        var job = TuneJob(data, training, watching, folder)
        try preference.apply(to: &job, lora)
        (job.settings.stage, job.settings.objective.imitation) = (.dpo, imitation)
        job.settings.objective.labelSmoothing = labelSmoothing
        try job.run(.dpo, learning: .pairs)
    }
}

/// `danlu train kto`: answers that were liked or not.
struct JudgementTuning: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kto",
        abstract: Language.text(zh: "用点赞与点踩的回答调整模型（KTO）。", en: "Tune with thumbs up and down (KTO)."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train kto --model qwen2.5-0.5b-instruct --data thumbs.jsonl --run runs/liked
                每行一个回答：{"prompt": "…", "completion": "…", "label": true}。成对的数据也可用，拆成一好一坏。
                """,
            en: """
                Example:
                  danlu train kto --model qwen2.5-0.5b-instruct --data thumbs.jsonl --run runs/liked
                An answer a line: {"prompt": "…", "completion": "…", "label": true}. Pairs do too: one good, one bad.
                """))

    @OptionGroup(title: Language.text(zh: "数据与模型", en: "Data and model")) var data: TuneDataFlags
    @OptionGroup(title: Language.text(zh: "偏好", en: "Preference")) var preference: PreferenceFlags
    @Option(
        help: .init(
            Language.text(
                zh: "点赞的回答的权重；默认使两边相当。", en: "What a liked answer counts; by default both sides weigh the same.")))
    var goodWeight: Double?
    @Option(help: .init(Language.text(zh: "点踩的回答的权重。", en: "What one that was not liked counts.")))
    var badWeight: Double?
    @OptionGroup(title: "LoRA") var lora: LoRAFlags
    @OptionGroup(title: Language.text(zh: "训练", en: "Training")) var training: PretrainTrainingFlags
    @OptionGroup(title: Language.text(zh: "保存与观察", en: "Saving and watching")) var watching: PretrainWatchingFlags
    @OptionGroup var folder: TuneFolderFlags

    mutating func run() throws {
        var job = TuneJob(data, training, watching, folder)
        try preference.apply(to: &job, lora)
        (job.settings.stage, job.settings.objective.goodWeight) = (.kto, goodWeight)
        job.settings.objective.badWeight = badWeight
        try job.run(.kto, learning: .judgements)
    }
}

struct PreferenceFlags: ParsableArguments {
    @Option(help: .init(Language.text(zh: "离开起点的代价；越大走得越近。", en: "How dear it is to leave the start.")))
    var beta = 0.1
    @Option(help: .init(Language.text(zh: "每步多少对（或多少个回答）。", en: "Pairs, or answers, of a step."))) var batch: Int?
    @Flag(help: .init(Language.text(zh: "训练全部权重，而不是适配器。", en: "Train all weights and no adapter.")))
    var allWeights = false

    func apply(to job: inout TuneJob, _ lora: LoRAFlags) throws {
        if !allWeights { try job.take(lora) }
        job.settings.objective.beta = beta
        job.settings.objective.groupsPerStep = batch
    }
}
