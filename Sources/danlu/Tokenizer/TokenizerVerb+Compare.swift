import ArgumentParser
import Foundation
import JSON
import Tokens

extension TokenizerVerb {
    /// `danlu tokenizer compare`: how much text goes into a token.
    struct Compare: AsyncParsableCommand {
        static let textBytesMax = 256 << 20
        static let configuration = CommandConfiguration(
            abstract: Language.text(
                zh: "比较分词器：每个词元多少字符。", en: "Compare tokenizers: characters and bytes in a token."),
            discussion: "  danlu tokenizer compare mine qwen2.5-coder-1.5b-instruct --input text.txt")

        @Argument(
            help: .init(
                Language.text(zh: "分词器文件夹、文件或模型。", en: "Folders or files of tokenizers, or models."),
                valueName: "path"))
        var tokenizers: [String]
        @Option(
            parsing: .upToNextOption,
            help: .init(Language.text(zh: "文本文件或文件夹。", en: "Files or folders of text."), valueName: "path"))
        var input: [String]
        @Option(
            help: .init(
                Language.text(
                    zh: "每个路径最多跳过多少坏行，之后报错。",
                    en: "Broken lines of each path that are passed over before one is an error.")))
        var brokenLines = 0
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        func validate() throws {
            if tokenizers.isEmpty { throw ValidationError("PATH…") }
            if input.isEmpty { throw ValidationError("--input") }
            if brokenLines < 0 { throw ValidationError("--broken-lines: 0…") }
        }

        func run() async throws {
            let loaded = try tokenizers.map { try TokenizerVerb.tokenizer($0) }
            let (paths, brokenLines) = (input, brokenLines)
            let task = Task { try Self.tallies(loaded, paths, brokenLines) }
            do {
                show(loaded, try await Interrupts.value(of: task))
            } catch is CancellationError {
                Interrupts.end()
            }
        }

        private static func tallies(
            _ tokenizers: [Tokenizer], _ paths: [String], _ brokenLines: Int
        ) throws -> [TokenTally] {
            var inputs = try TextInputs(paths, brokenLines: brokenLines)
            var tallies = [TokenTally](repeating: TokenTally(), count: tokenizers.count)
            var progress = ProgressLine()
            defer { progress.clear() }
            while let (document, _) = try inputs.next() {
                try Task.checkCancellation()
                for (place, tokenizer) in tokenizers.enumerated() { tallies[place].add(document.text, tokenizer) }
                guard progress.isDue else { continue }
                progress.show(["\(Int(inputs.share * 100))%"], share: inputs.share)
            }
            return tallies
        }

        private func show(_ loaded: [Tokenizer], _ tallies: [TokenTally]) {
            if json {
                let rows = tokenizers.indices.map { place -> JSONValue in
                    [
                        "tokenizer": .string(tokenizers[place]), "vocab_size": .int(loaded[place].vocabularySize),
                        "text": tallies[place].json,
                    ]
                }
                return Terminal.output(JSONValue.array(rows).serialized())
            }
            Terminal.output(Language.text(zh: "每个词元的字符数（字节数）", en: "characters (bytes) in a token"))
            let kinds = TextKind.allCases.filter { kind in tallies.contains { $0.counts[kind] != nil } }
            Terminal.output((kinds.map(\.rawValue) + ["all"]).map { Self.padded($0) }.joined() + "  vocabulary")
            for (place, tally) in tallies.enumerated() {
                let cells = kinds.map { tally.counts[$0] ?? TokenTally.Count() } + [tally.all]
                let texts = cells.map {
                    Self.padded(String(format: "%.2f (%.2f)", $0.charactersPerToken, $0.bytesPerToken))
                }
                Terminal.output(texts.joined() + "  \(loaded[place].vocabularySize)  \(tokenizers[place])")
            }
        }

        private static func padded(_ text: String) -> String {
            String(repeating: " ", count: max(0, 14 - text.count)) + text
        }
    }
}
