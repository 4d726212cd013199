import ArgumentParser
import Training

/// `danlu train distill`: what a larger model would say.
struct Distillation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "distill",
        abstract: Language.text(zh: "让小模型学大模型的概率（蒸馏）。", en: "Teach a small model a large one's probabilities."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train distill --teacher qwen2.5-coder-1.5b-instruct --model qwen2.5-coder-0.5b-instruct \\
                      --data chat.jsonl --run runs/small
                两个模型的词表须相同；不同时先用 danlu data answer 让大模型回答，再用回答微调。
                老师对每个要学的词元的概率只算一次，存在训练文件夹里。默认训练 LoRA 适配器；--all-weights 训练全部权重。
                """,
            en: """
                Example:
                  danlu train distill --teacher qwen2.5-coder-1.5b-instruct --model qwen2.5-coder-0.5b-instruct \\
                      --data chat.jsonl --run runs/small
                Both models must have one vocabulary; where they have not, let the large one answer with danlu data
                answer, and tune with its answers. What the teacher finds probable in place of each token that is
                learnt is computed once and kept in the run's folder. A LoRA adapter is trained, or all weights with
                --all-weights.
                """))

    @Option(
        help: .init(
            Language.text(
                zh: "老师：已安装的名称、GGUF 文件或文件夹。", en: "The teacher: an installed model's name, a file or a folder."),
            valueName: "file|name"))
    var teacher: String
    @OptionGroup(title: Language.text(zh: "数据与模型", en: "Data and model")) var data: TuneDataFlags
    @Option(
        help: .init(
            Language.text(
                zh: "老师的概率所占的份额，其余是示例本身。", en: "What the teacher counts; the examples' own tokens count the rest.")))
    var alpha = 0.5
    @Option(help: .init(Language.text(zh: "两边的温度。", en: "What both models' logits are divided by.")))
    var temperature = 1.0
    @Option(help: .init(Language.text(zh: "每处保留老师最可能的几个词元。", en: "Tokens of each distribution that are kept.")))
    var teacherTokens = 32
    @Flag(help: .init(Language.text(zh: "训练全部权重，而不是适配器。", en: "Train all weights and no adapter.")))
    var allWeights = false
    @OptionGroup(title: "LoRA") var lora: LoRAFlags
    @OptionGroup(title: Language.text(zh: "训练", en: "Training")) var training: PretrainTrainingFlags
    @OptionGroup(title: Language.text(zh: "保存与观察", en: "Saving and watching")) var watching: PretrainWatchingFlags
    @OptionGroup var folder: TuneFolderFlags

    mutating func run() throws {
        var job = TuneJob(data, training, watching, folder)
        if !allWeights { try job.take(lora) }
        job.settings.stage = .distill
        job.settings.objective.teacher = try BaseReference(path: TuneJob.path(teacher))
        (job.settings.objective.alpha, job.settings.objective.temperature) = (alpha, temperature)
        job.settings.objective.teacherTokens = teacherTokens
        try job.run(.distill)
    }
}
