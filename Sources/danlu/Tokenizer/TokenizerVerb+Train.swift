import ArgumentParser
import Foundation
import JSON
import Tokens
import Training

extension TokenizerVerb {
    enum Template: String, ExpressibleByArgument {
        case chatml
        case continuation = "continue"
    }

    /// `danlu tokenizer train`: a vocabulary of one's own text.
    struct Train: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "用自己的文本训练分词器。", en: "Train a tokenizer on your own text."),
            discussion: Language.text(
                zh: """
                    例：danlu tokenizer train --input 诗词.jsonl.gz 手册/ --vocab-size 8192 --output 分词器
                    读取 .txt、.md、.jsonl（{"text": …}）及其 .gz，或含有它们的文件夹。写出 tokenizer.json 与
                    tokenizer_config.json，可直接用于 Hugging Face tokenizers；同样的文本与选项总是得到同样的结果。
                    """,
                en: """
                    Example: danlu tokenizer train --input poems.jsonl.gz manuals/ --vocab-size 8192 --output tokenizer
                    Reads .txt, .md, .jsonl ({"text": …}), these with .gz, and folders of them. Writes tokenizer.json
                    and tokenizer_config.json, which Hugging Face's tokenizers load as they are. The same text and
                    options always give the same result.
                    """))

        @Option(
            parsing: .upToNextOption,
            help: .init(
                Language.text(
                    zh: "文本文件或文件夹；=2 让其中每篇按两篇计数。",
                    en: "Files or folders of text; with =2 each of its documents counts twice."),
                valueName: "path[=times]"))
        var input: [String]
        @Option(
            help: .init(
                Language.text(zh: "词表大小，含控制词元。", en: "Entries of the vocabulary, control tokens among them.")))
        var vocabSize = 8192
        @Option(help: .init(Language.text(zh: "写入的文件夹。", en: "The folder to write to."), valueName: "folder"))
        var output: String
        @Option(help: .init(Language.text(zh: "线程数；结果与之无关。", en: "Threads; they do not change the result.")))
        var threads = ProcessInfo.processInfo.activeProcessorCount
        @Option(help: .init(Language.text(zh: "一个词元最多的字节数。", en: "Bytes of one token at most.")))
        var tokenBytesMax = 24
        @Option(help: .init(Language.text(zh: "合并所需的最少次数。", en: "How often a pair must occur to be merged.")))
        var pairCountMin = 2
        @Option(
            help: .init(
                Language.text(
                    zh: "合并中用来连接整词与标点（“ of the”）的百分比；0 为只有词，切分与 Qwen 2 相同。",
                    en: "Percent of the merges that may join words (\" of the\"); 0: none, cut like Qwen 2's.")))
        var phrases = TokenizerTrainingSettings.phrasePercentDefault
        @Option(
            help: .init(
                Language.text(
                    zh: "每这么多篇留出一篇不参与训练，用来测量；0 为不留。",
                    en: "Keep one document of so many from the training and measure on those; 0 keeps none.")))
        var heldOut = 0
        @Option(
            help: .init(
                Language.text(
                    zh: "对话模板：chatml；continue 为只会续写的模型，原样给出已说的话。",
                    en: "The chat template: chatml; continue: what was said as it is, for models that only go on."),
                valueName: "chatml|continue"))
        var template = Template.chatml
        @Option(
            help: .init(
                Language.text(
                    zh: "每个路径最多跳过多少坏行，之后报错。",
                    en: "Broken lines of each path that are passed over before one is an error.")))
        var brokenLines = 0
        @Flag(help: .init(Language.text(zh: "覆盖已有的分词器。", en: "Replace a tokenizer that is there.")))
        var overwrite = false
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        func validate() throws {
            if input.isEmpty { throw ValidationError("--input") }
            if brokenLines < 0 { throw ValidationError("--broken-lines: 0…") }
            if heldOut < 0 || heldOut == 1 { throw ValidationError("--held-out: 0, 2…") }
            if !(1...256).contains(threads) { throw ValidationError("--threads: 1…256") }
            for path in input where Self.path(path) == nil {
                throw ValidationError("--input \(path): =1…=\(Self.timesMax)")
            }
            do { _ = try TokenizerTrainer(settings) } catch { throw ValidationError("\(error)") }
        }

        private static let timesMax = 1000

        /// Nil when a path counts a fraction of a time, or too often.
        private static func path(_ argument: String) -> DataPath? {
            guard let path = DataPath(argument: argument) else { return nil }
            let times = path.weight ?? 1
            return times == times.rounded() && (1...Double(timesMax)).contains(times) ? path : nil
        }

        private var settings: TokenizerTrainingSettings {
            var settings = TokenizerTrainingSettings(vocabularySize: vocabSize, threads: threads)
            settings.tokenBytesMax = tokenBytesMax
            settings.pairCountMin = pairCountMin
            settings.phrasePercent = phrases
            if template == .continuation { settings.chatTemplate = TokenizerTrainingSettings.continuationTemplate }
            return settings
        }

        func run() async throws {
            let folder = URL(filePath: output)
            let file = folder.appending(path: "tokenizer.json").path
            guard overwrite || !FileManager.default.fileExists(atPath: file) else {
                throw TerminalError.cannotWrite(
                    path: file,
                    reason: Language.text(
                        zh: "已有分词器，训练过的模型离不开它；换一个文件夹，或加上 --overwrite",
                        en: "there is a tokenizer that models may depend on; choose another folder, or say --overwrite"
                    ))
            }
            let job = TokenizerJob(
                settings: settings, inputs: input.compactMap(Self.path), brokenLines: brokenLines, output: folder,
                heldOut: heldOut)
            do {
                show(try await Interrupts.value(of: Task { try job.run() }))
            } catch is CancellationError {
                Terminal.note(Language.text(zh: "已停止；什么都没有写出。", en: "Stopped; nothing was written."))
                Interrupts.end()
            }
        }

        private func show(_ result: TokenizerJob.Result) {
            let rate = Double(result.textBytes) / 1e6 / max(result.seconds, 1e-9)
            if json {
                let row: JSONValue = [
                    "output": .string(output), "vocab_size": .int(result.vocabularySize),
                    "requested_vocab_size": .int(vocabSize), "merges": .int(result.merges),
                    "documents": .int(result.documents), "text_bytes": .int(result.textBytes),
                    "threads": .int(threads), "seconds": .double(result.seconds),
                    "read_seconds": .double(result.readSeconds), "megabytes_per_second": .double(rate),
                    "held_out": result.heldOut,
                ]
                return Terminal.output(row.serialized())
            }
            if result.vocabularySize < vocabSize {
                Terminal.note(
                    Language.text(
                        zh: "文本太少：只得到 \(result.vocabularySize) 个词元，少于 \(vocabSize)",
                        en: "too little text: \(result.vocabularySize) tokens instead of \(vocabSize)"))
            }
            Terminal.output(
                String(
                    format: Language.text(
                        zh: "%@：%d 个词元，%d 条合并规则；%d 篇文本，%@，%.1f 秒（每秒 %.1f MB）",
                        en: "%@: %d tokens, %d merges; %d documents, %@, %.1f s (%.1f MB/s)"),
                    output, result.vocabularySize, result.merges, result.documents, ModelHome.size(result.textBytes),
                    result.seconds, rate))
            for kind in TextKind.allCases {
                guard let count = result.heldOut[kind.rawValue], let ratio = count["characters_per_token"]?.double,
                    let tokens = count["tokens"]?.int
                else { continue }
                Terminal.output(
                    String(
                        format: Language.text(
                            zh: "  留出文本 %@：每词元 %.2f 个字符（%d 个词元）",
                            en: "  held out, %@: %.2f characters a token (%d tokens)"), kind.rawValue, ratio, tokens))
            }
        }
    }
}
