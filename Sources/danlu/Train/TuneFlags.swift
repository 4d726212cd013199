import ArgumentParser
import Training

/// What is tuned, and with what.
struct TuneDataFlags: ParsableArguments {
    @Option(
        help: .init(
            Language.text(
                zh: "基础模型：已安装的名称、GGUF 文件、safetensors 文件夹或一次训练。",
                en: "The base: an installed model's name, a GGUF file, a folder of safetensors, or a run."),
            valueName: "file|name"))
    var model: String?
    @Option(
        parsing: .upToNextOption,
        help: .init(
            Language.text(
                zh: "示例：任何一种指令格式的 .jsonl/.json（见 danlu data check）。",
                en: "Examples: .jsonl or .json of any instruction schema (see danlu data check)."), valueName: "file"))
    var data: [String] = []
    @Option(help: .init(Language.text(zh: "每个示例学几遍（或用 --steps）。", en: "How often each example is learnt, or --steps.")))
    var epochs: Double?
    @Option(help: .init(Language.text(zh: "一行的词元数；更长的示例被截断。", en: "Tokens of a row; longer examples are cut.")))
    var seq: Int?
    @Option(help: .init(Language.text(zh: "不参与训练的示例份额。", en: "Share of examples that are held out.")))
    var heldOut: Double?
    @Flag(help: .init(Language.text(zh: "跳过坏记录而不报错。", en: "Pass over broken records.")))
    var skipBroken = false

    func apply(to settings: inout TrainSettings) {
        settings.seq = seq ?? settings.seq
        settings.heldOut = heldOut ?? settings.heldOut
    }
}

/// What LoRA adds.
struct LoRAFlags: ParsableArguments {
    @Option(help: .init(Language.text(zh: "秩。", en: "The rank of the matrices."))) var rank = 16
    @Option(help: .init(Language.text(zh: "缩放 alpha；默认为秩的两倍。", en: "Alpha; twice the rank by default.")))
    var alpha: Double?
    @Option(help: .init(Language.text(zh: "随机丢弃的份额。", en: "The share of inputs that is dropped at random.")))
    var dropout = 0.0
    @Option(
        parsing: .upToNextOption,
        help: .init(
            Language.text(
                zh: "改动哪些线性层；默认全部：\(names)。", en: "Which linear layers; all by default: \(names)."),
            valueName: "layer"))
    var targets: [String] = []
    @Option(
        help: .init(
            Language.text(
                zh: "展开的基础权重最多占多少字节，如 2G；更小更省内存、更慢。",
                en: "Bytes of expanded base weights at most, such as 2G: less is slower and needs less memory.")))
    var panelMemory: String?

    private static let names = AdapterTarget.allCases.map(\.rawValue).joined(separator: " ")

    func settings() throws -> AdapterSettings {
        let words = targets.flatMap { $0.split(separator: ",").map(String.init) }
        let chosen = try words.map { word in
            guard let target = AdapterTarget(rawValue: word.hasSuffix("_proj") ? word : "\(word)_proj") else {
                throw ValidationError("--targets: \(Self.names)")
            }
            return target
        }
        let adapter = AdapterSettings(
            rank: rank, alpha: alpha, dropout: dropout, targets: chosen.isEmpty ? AdapterTarget.allCases : chosen)
        try adapter.check()
        return adapter
    }

    func panelBytes() throws -> Int? {
        guard let panelMemory else { return nil }
        guard let bytes = Quantity.parse(panelMemory) else { throw ValidationError("--panel-memory: 2G") }
        return Int(bytes)
    }
}
