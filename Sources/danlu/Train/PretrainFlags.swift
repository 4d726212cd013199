import ArgumentParser
import Training

/// What is learnt, and by what.
struct PretrainModelFlags: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: .init(
            Language.text(
                zh: "文本：.txt .md .jsonl（.gz）或文件夹；可给权重（占词元的份额）。",
                en: "Text: .txt .md .jsonl (.gz) or folders, perhaps with a weight, its share of the tokens."),
            valueName: "path[=weight]"))
    var data: [String] = []
    @Option(
        help: .init(
            Language.text(
                zh: "词表文件夹，见 danlu tokenizer train。", en: "A tokenizer's folder, from danlu tokenizer train."),
            valueName: "dir"))
    var tokenizer: String?
    @Option(
        help: .init(Language.text(zh: "参数量，如 3M；决定模型的形状。", en: "Parameters, such as 3M: sets the shape.")))
    var size: String?
    @Option(help: .init(Language.text(zh: "层数（代替 --size）。", en: "Layers, instead of --size."))) var layers: Int?
    @Option(help: .init(Language.text(zh: "宽度，32 的倍数。", en: "Width, a multiple of 32."))) var dim: Int?
    @Option(help: .init(Language.text(zh: "注意力头数。", en: "Heads."))) var heads: Int?
    @Option(help: .init(Language.text(zh: "键值头数。", en: "Heads of keys and values."))) var kvHeads: Int?
    @Option(help: .init(Language.text(zh: "每头的宽度，32 的倍数。", en: "A head's width, a multiple of 32."))) var headDim: Int?
    @Option(help: .init(Language.text(zh: "前馈层宽度。", en: "Width of the feed-forward layers."))) var feedForwardDim: Int?
    @Option(help: .init(Language.text(zh: "一行的词元数，即上下文长度。", en: "Tokens of a row, which is the context.")))
    var seq: Int?
    @Option(help: .init(Language.text(zh: "不参与训练的文档份额。", en: "Share of documents that are held out.")))
    var heldOut: Double?
    @Option(
        help: .init(
            Language.text(zh: "最多跳过多少坏行，之后报错。", en: "Broken lines that are passed over before one is an error.")))
    var brokenLines: Int?

    func apply(to settings: inout TrainSettings) {
        if !data.isEmpty { settings.data = data }
        settings.tokenizer = tokenizer ?? settings.tokenizer
        settings.size = size ?? settings.size
        settings.layers = layers ?? settings.layers
        settings.dim = dim ?? settings.dim
        settings.heads = heads ?? settings.heads
        settings.kvHeads = kvHeads ?? settings.kvHeads
        settings.headDim = headDim ?? settings.headDim
        settings.feedForwardDim = feedForwardDim ?? settings.feedForwardDim
        settings.seq = seq ?? settings.seq
        settings.heldOut = heldOut ?? settings.heldOut
        settings.brokenLines = brokenLines ?? settings.brokenLines
    }
}

/// How it is learnt.
struct PretrainTrainingFlags: ParsableArguments {
    @Option(help: .init(Language.text(zh: "步数。", en: "Steps."))) var steps: Int?
    @Option(
        help: .init(Language.text(zh: "总词元数，如 60M（代替 --steps）。", en: "Tokens in all, such as 60M, instead of --steps."))
    )
    var tokens: String?
    @Option(help: .init(Language.text(zh: "每步的词元数。", en: "Tokens of a step."))) var batchTokens: Int?
    @Option(help: .init(Language.text(zh: "同时计算的行数。", en: "Rows computed at once; the memory follows from it.")))
    var microRows: Int?
    @Option(help: .init(Language.text(zh: "计算线程数。", en: "Threads."))) var threads: Int?
    @Option(help: .init(Language.text(zh: "随机种子。", en: "The seed of everything random."))) var seed: UInt64?
    @Option(help: .init(Language.text(zh: "计算精度。", en: "What products are computed in."))) var precision: Precision?
    @Option(
        help: .init(Language.text(zh: "反向时重算的激活。", en: "Activations that are computed again, to save memory.")))
    var recompute: Recomputation?
    @Option(help: .init(Language.text(zh: "优化器。", en: "The optimiser."))) var optimizer: OptimizerSettings.Kind?
    @Option(help: .init(Language.text(zh: "最高学习率。", en: "The highest learning rate."))) var learningRate: Double?
    @Option(help: .init(Language.text(zh: "权重衰减。", en: "Weight decay."))) var weightDecay: Double?
    @Option(help: .init(Language.text(zh: "学习率曲线。", en: "The learning rate's curve."))) var schedule: Schedule.Kind?
    @Option(help: .init(Language.text(zh: "预热步数。", en: "Steps of warm-up."))) var warmup: Int?
    @Option(help: .init(Language.text(zh: "从这一步开始衰减。", en: "The step from which the learning rate falls.")))
    var decayFrom: Int?
    @Option(help: .init(Language.text(zh: "衰减的步数；0 不衰减。", en: "Steps for which it falls; 0 for never.")))
    var decaySteps: Int?
    @Option(help: .init(Language.text(zh: "梯度范数上限；0 不限。", en: "The gradient's norm at most; 0 for any.")))
    var clip: Double?

    func apply(to settings: inout TrainSettings) {
        settings.steps = steps ?? settings.steps
        settings.tokens = tokens ?? settings.tokens
        settings.batchTokens = batchTokens ?? settings.batchTokens
        settings.microRows = microRows ?? settings.microRows
        settings.threads = threads ?? settings.threads
        settings.seed = seed ?? settings.seed
        settings.precision = precision ?? settings.precision
        settings.recompute = recompute ?? settings.recompute
        settings.optimizer = optimizer ?? settings.optimizer
        settings.learningRate = learningRate ?? settings.learningRate
        settings.weightDecay = weightDecay ?? settings.weightDecay
        settings.schedule = schedule ?? settings.schedule
        settings.warmup = warmup ?? settings.warmup
        settings.decayFrom = decayFrom ?? settings.decayFrom
        settings.decaySteps = decaySteps ?? settings.decaySteps
        settings.clip = clip ?? settings.clip
    }
}

/// How it is kept and watched; intervals are in steps.
struct PretrainWatchingFlags: ParsableArguments {
    @Option(help: .init(Language.text(zh: "每隔多少步记录。", en: "Steps between lines of the log."))) var logEvery: Int?
    @Option(help: .init(Language.text(zh: "每隔多少步保存。", en: "Steps between checkpoints."))) var saveEvery: Int?
    @Option(
        help: .init(Language.text(zh: "每隔多少步留下永久检查点；0 不留。", en: "Steps between checkpoints kept for ever; 0 for none."))
    )
    var milestoneEvery: Int?
    @Option(help: .init(Language.text(zh: "每隔多少步验证；0 不验证。", en: "Steps between validations; 0 for none.")))
    var validateEvery: Int?
    @Option(help: .init(Language.text(zh: "每隔多少步生成样例；0 不生成。", en: "Steps between samples; 0 for none.")))
    var sampleEvery: Int?
    @Option(parsing: .upToNextOption, help: .init(Language.text(zh: "样例的开头。", en: "Texts that samples continue.")))
    var prompts: [String] = []
    @Option(help: .init(Language.text(zh: "保留的检查点数，至少 2。", en: "Checkpoints that are kept, at least 2."))) var keep:
        Int?

    func apply(to settings: inout TrainSettings) {
        settings.logEvery = logEvery ?? settings.logEvery
        settings.saveEvery = saveEvery ?? settings.saveEvery
        settings.milestoneEvery = milestoneEvery ?? settings.milestoneEvery
        settings.validateEvery = validateEvery ?? settings.validateEvery
        settings.sampleEvery = sampleEvery ?? settings.sampleEvery
        if !prompts.isEmpty { settings.prompts = prompts }
        settings.keep = keep ?? settings.keep
    }
}

extension Precision: ExpressibleByArgument {}
extension Recomputation: ExpressibleByArgument {}
extension OptimizerSettings.Kind: ExpressibleByArgument {}
extension Schedule.Kind: ExpressibleByArgument {}
