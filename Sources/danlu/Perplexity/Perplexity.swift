import ArgumentParser
import Assistant
import Foundation
import JSON

/// `danlu perplexity`: how well a model predicts a text.
struct Perplexity: ParsableCommand {
    static let textBytesMax = 256 << 20
    static let configuration = CommandConfiguration(
        commandName: "perplexity",
        abstract: Language.text(zh: "模型对一段文本的困惑度。", en: "How well a model predicts a text."),
        discussion: Language.text(
            zh: """
                例：danlu perplexity --model smollm2-135m-instruct --file text.txt --json
                文本分为互不重叠的窗口（--context，默认 512 个词元），窗口内除第一个外每个词元都计分。
                --logits-out 写出前 --positions 个词元之后的对数几率：小端 "DLGT"、u32 版本 1、u32 行数、u32 词表，
                然后是 float32，第 i 行在第 i 个词元之后。
                """,
            en: """
                Example: danlu perplexity --model smollm2-135m-instruct --file text.txt --json
                The text is cut into windows that do not overlap (--context, by default 512 tokens); in each, every
                token but the first is scored. --logits-out writes the logits after the first --positions tokens:
                little-endian "DLGT", u32 version 1, u32 rows, u32 vocabulary, then float32, row i after token i.
                """))

    @OptionGroup var options: ModelOptions
    @OptionGroup var adapters: AdapterOptions
    @Option(help: .init(Language.text(zh: "文本文件，- 为标准输入。", en: "The text, - for standard input."))) var file: String
    @Option(help: .init(Language.text(zh: "只用前几个词元。", en: "Use the first tokens only."))) var positions: Int?
    @Option(help: .init(Language.text(zh: "写出对数几率的文件。", en: "A file for the logits."), valueName: "file"))
    var logitsOut: String?
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func validate() throws {
        if let positions, !(2...1_048_576).contains(positions) { throw ValidationError("--positions: 2…1048576") }
    }

    func run() throws {
        let bytes =
            file == "-"
            ? try Terminal.readAll(bytesMax: Self.textBytesMax)
            : try Terminal.read(file, bytesMax: Self.textBytesMax)
        let model = try LoadedModel(options, adapters)
        let tokenizer = model.text.tokenizer
        let bosCount = tokenizer.addsBOS ? 1 : 0
        var tokens = tokenizer.encode(bytes: Array(bytes), special: false)
        if let positions { tokens = Array(tokens.prefix(positions - bosCount)) }
        let rows = tokens.count + bosCount
        // With logits wanted, all positions are one window: its rows are compared with another program's.
        let window = logitsOut == nil ? options.contextTokens ?? PerplexityMeter.windowTokensDefault : rows
        let meter = try PerplexityMeter(model, windowTokensMax: window, cacheType: options.cacheType)
        let writer = try logitsOut.map {
            try LogitsFile(path: $0, rows: rows, columns: model.transformer.configuration.vocabularySize)
        }
        let score = try meter.measure(tokens) { try writer?.append($0) }
        try writer?.close()
        if json { return Terminal.output(score.json.serialized()) }
        Terminal.output(
            String(
                format: Language.text(
                    zh: "困惑度 %.4f   每词元 %.4f nat   每字节 %.4f bit   %d 个词元",
                    en: "perplexity %.4f   %.4f nats a token   %.4f bits a byte   %d tokens"),
                score.perplexity, score.nll, score.bitsPerByte, score.tokens))
    }
}
