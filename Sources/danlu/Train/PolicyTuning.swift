import ArgumentParser
import Assistant
import Training
import Tuning

/// `danlu train grpo`: answers of the model's own that programs judge.
struct PolicyTuning: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grpo",
        abstract: Language.text(
            zh: "让模型自己作答、由程序评判，从中学习（GRPO）。", en: "Learn from own answers that programs judge (GRPO)."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train grpo --model qwen2.5-0.5b-instruct --data sums.jsonl --run runs/sums
                每行一个任务：{"prompt": "17 + 25 = ?", "reward": {"type": "number", "answer": 42}}
                奖励还有 exact、format（正则）、json_schema、length、command（沙箱中的自己的命令）与加权的 sum，
                见 docs/instruction-data.md。默认训练 LoRA 适配器；--all-weights 训练全部权重。
                """,
            en: """
                Example:
                  danlu train grpo --model qwen2.5-0.5b-instruct --data sums.jsonl --run runs/sums
                A task a line: {"prompt": "17 + 25 = ?", "reward": {"type": "number", "answer": 42}}
                Other rewards: exact, format (a regular expression), json_schema, length, command (one's own, in a
                sandbox) and sum with weights; see docs/instruction-data.md. A LoRA adapter is trained, or all
                weights with --all-weights.
                """))

    @OptionGroup(title: Language.text(zh: "数据与模型", en: "Data and model")) var data: TuneDataFlags
    @OptionGroup(title: Language.text(zh: "作答与目标", en: "Answers and objective")) var policy: PolicyFlags
    @OptionGroup(title: "LoRA") var lora: LoRAFlags
    @OptionGroup(title: Language.text(zh: "训练", en: "Training")) var training: PretrainTrainingFlags
    @OptionGroup(title: Language.text(zh: "保存与观察", en: "Saving and watching")) var watching: PretrainWatchingFlags
    @OptionGroup var folder: TuneFolderFlags

    mutating func run() throws {
        var job = TuneJob(data, training, watching, folder)
        if !policy.allWeights { try job.take(lora) }
        try policy.apply(to: &job.settings)
        try job.runPolicy()
    }
}

struct PolicyFlags: ParsableArguments {
    @Option(help: .init(Language.text(zh: "每步多少个任务。", en: "Tasks of a step.")))
    var batch = ObjectiveSettings.tasksPerStep
    @Option(help: .init(Language.text(zh: "每个任务作答几次。", en: "Answers to each task.")))
    var answers = ObjectiveSettings.answersPerTask
    @Option(help: .init(Language.text(zh: "一个回答最多多少词元。", en: "Tokens of an answer at most.")))
    var maxTokens = ObjectiveSettings.answerTokensMax
    @Option(help: .init(Language.text(zh: "作答的温度。", en: "The temperature that answers are sampled at.")))
    var temperature = 1.0
    @Option(
        name: [.customLong("kl-beta"), .customLong("beta")],
        help: .init(
            Language.text(zh: "离开起点的代价（KL）；0 只测量。", en: "How dear it is to leave the start (KL); 0 only measures.")))
    var beta = 0.0
    @Flag(
        help: .init(
            Language.text(zh: "优势不除以组内标准差（Dr. GRPO）。", en: "Do not divide by a group's deviation (Dr. GRPO).")))
    var rawAdvantages = false
    @Flag(help: .init(Language.text(zh: "训练全部权重，而不是适配器。", en: "Train all weights and no adapter.")))
    var allWeights = false

    func apply(to settings: inout TuningSettings) throws {
        settings.stage = .grpo
        settings.objective.groupsPerStep = batch
        settings.objective.answersPerTask = answers
        settings.objective.answerTokensMax = maxTokens
        settings.objective.temperature = temperature
        settings.objective.beta = beta
        settings.objective.standardizes = !rawAdvantages
        try settings.objective.check()
    }
}
