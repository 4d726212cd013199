import ArgumentParser
import Training

/// Which model, in what numbers, on what.
struct PlanOptions: ParsableArguments {
    @Option(
        name: [.customLong("size"), .customLong("params")],
        help: .init(
            Language.text(
                zh: "参数个数，一个数定下全部形状：0.8M…1B（规划可到 2T）。",
                en: "Parameters; one number sets the whole shape: 0.8M…1B (plans go up to 2T)."), valueName: "N"),
        transform: PlanOptions.number)
    var size: Double?
    @Option(help: .init(Language.text(zh: "层数；与 --width 一起代替 --size。", en: "Layers; with --width instead of --size.")))
    var layers: Int?
    @Option(help: .init(Language.text(zh: "宽度。", en: "Width of the residual stream."))) var width: Int?
    @Option(help: .init(Language.text(zh: "注意力头数。", en: "Heads."))) var heads: Int?
    @Option(help: .init(Language.text(zh: "键值头数。", en: "Heads of keys and values."))) var kvHeads: Int?
    @Option(help: .init(Language.text(zh: "前馈层宽度。", en: "Width of the feed-forward layers."))) var feedForward: Int?
    @Option(help: .init(Language.text(zh: "词表大小。", en: "Entries of the vocabulary."))) var vocabSize: Int?
    @Option(
        name: .customLong("seq"), help: .init(Language.text(zh: "一行的词元数。", en: "Tokens of a row.")))
    var sequence: Int?

    @Option(
        help: .init(
            Language.text(
                zh: "训练的词元数；默认为 参数 × --ratio × --overtrain。",
                en: "Tokens to train on; by default parameters x --ratio x --overtrain."), valueName: "N"),
        transform: PlanOptions.number)
    var tokens: Double?
    @Option(
        help: .init(Language.text(zh: "每个参数的词元数（Chinchilla：20）。", en: "Tokens a parameter (Chinchilla: 20).")))
    var ratio = TrainingPlan.chinchillaRatio
    @Option(
        help: .init(
            Language.text(
                zh: "过训练倍数：模型小而耐用。", en: "Over-training: so many times more, for a small model that serves long.")))
    var overtrain = 1.0

    @Option(help: .init(Language.text(zh: "计算精度。", en: "What products are computed in."), valueName: "fp32|bf16"))
    var precision = Precision.bf16
    @Option(help: .init(Language.text(zh: "优化器。", en: "The optimiser."), valueName: "adamw|muon"))
    var optimizer = OptimizerSettings.Kind.adamw
    @Option(
        help: .init(
            Language.text(zh: "反向时重算哪些激活。", en: "Activations that are computed a second time."),
            valueName: "none|feedForward|all"))
    var recompute = Recomputation.none
    @Option(
        help: .init(Language.text(zh: "一个微批的词元数（决定内存）。", en: "Tokens of a micro-batch, on which memory depends.")))
    var microBatchTokens: Int?

    /// Whether a model was asked for, in one way.
    var namesModel: Bool { (size == nil) != (layers == nil && width == nil) }

    static let sizesMax = 1 << 24

    @Sendable static func number(_ text: String) throws -> Double {
        guard let value = Quantity.parse(text) else { throw ValidationError("\(text): 0.8M, 10B, 6T, 1000") }
        return value
    }

    func validate() throws {
        guard (layers == nil) == (width == nil) else { throw ValidationError("--layers, --width") }
        for (name, value) in [
            ("layers", layers), ("width", width), ("heads", heads), ("kv-heads", kvHeads),
            ("feed-forward", feedForward), ("vocab-size", vocabSize), ("seq", sequence),
            ("micro-batch-tokens", microBatchTokens),
        ] {
            if let value, !(1...Self.sizesMax).contains(value) {
                throw ValidationError("--\(name): 1…\(Self.sizesMax)")
            }
        }
        guard ratio > 0, overtrain > 0, ratio.isFinite, overtrain.isFinite else {
            throw ValidationError("--ratio, --overtrain > 0")
        }
    }
}
