import ArgumentParser
import Foundation
import JSON
import Tokens

extension TokenizerVerb {
    /// `danlu tokenizer info`: what a vocabulary is made of.
    struct Info: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "分词器由什么组成。", en: "What a tokenizer is made of."),
            discussion: "  danlu tokenizer info DIR | tokenizer.json | model.gguf | NAME")

        @Argument(
            help: .init(
                Language.text(zh: "分词器文件夹、文件或模型。", en: "A tokenizer's folder or file, or a model."), valueName: "path"))
        var path: String
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        func run() async throws {
            let tokenizer = try TokenizerVerb.tokenizer(path)
            let sheet = VocabularySheet(tokenizer)
            let files = try TokenizerFolder(path)?.vocabulary()
            if json { return Terminal.output(row(tokenizer, sheet, files).serialized()) }
            let merges = files.map { ", \($0.merges.count) " + Language.text(zh: "条合并规则", en: "merges") } ?? ""
            Terminal.output(
                "\(tokenizer.vocabularySize) " + Language.text(zh: "个词元", en: "tokens") + merges
                    + (files.map { ", \(Language.text(zh: "切分方式", en: "pre-tokenizer")) \($0.preTokenizer)" } ?? ""))
            for kind in VocabularySheet.Kind.allCases {
                guard let count = sheet.counts[kind], count > 0 else { continue }
                let share = Double(count) * 100 / Double(max(1, tokenizer.vocabularySize))
                Terminal.output(String(format: "%8d  %5.1f%%  ", count, share) + kind.title)
            }
            Terminal.output(
                Language.text(zh: "最长：", en: "longest: ")
                    + sheet.longest.map { JSONValue.string($0).serialized() }.joined(separator: " "))
        }

        private func row(
            _ tokenizer: Tokenizer, _ sheet: VocabularySheet, _ files: BytePairVocabulary?
        ) -> JSONValue {
            func id(_ id: Int32?) -> JSONValue { id.map { .int(Int($0)) } ?? .null }
            return [
                "vocab_size": .int(tokenizer.vocabularySize), "merges": files.map { .int($0.merges.count) } ?? .null,
                "pre_tokenizer": files.map { .string($0.preTokenizer) } ?? .null, "kinds": sheet.json,
                "longest": .array(sheet.longest.map { .string($0) }), "bos_token_id": id(tokenizer.bosID),
                "eos_token_id": id(tokenizer.eosID), "pad_token_id": id(tokenizer.padID),
                "end_of_turn_token_ids": .array(tokenizer.endOfTurnIDs.sorted().map { .int(Int($0)) }),
            ]
        }
    }
}
