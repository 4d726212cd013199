import ArgumentParser
import Assistant
import Foundation
import JSON
import Tokens

/// `danlu tokenizer`: text to ids and back, as the model reads them.
struct TokenizerVerb: AsyncParsableCommand {
    static let inputBytesMax = 1 << 30
    static let configuration = CommandConfiguration(
        commandName: "tokenizer",
        abstract: Language.text(
            zh: "训练、查看、比较分词器；文本与词元编号互换。",
            en: "Train, inspect and compare tokenizers; turn text into token ids and back."),
        subcommands: [Train.self, Info.self, Compare.self, Encode.self, Decode.self, Bench.self])

    /// The tokenizer of a model, of a folder that has one, or of a tokenizer.json alone.
    static func tokenizer(_ model: String?) throws -> Tokenizer {
        if let folder = try model.flatMap({ try TokenizerFolder($0) }) { return try folder.tokenizer() }
        return try LocalModels.text(model).tokenizer
    }

    struct Encode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "标准输入的文本变为编号。", en: "Standard input's text to ids."),
            discussion: Language.text(zh: "例：", en: "Example: ")
                + "printf '你好' | danlu tokenizer encode --model qwen2.5-coder-1.5b-instruct --json")

        @OptionGroup var options: ModelOptions
        @Flag(help: .init(Language.text(zh: "识别特殊词元。", en: "Read special tokens in the text as such."))) var special =
            false
        @Flag(help: .init(Language.text(zh: "每行一个数组。", en: "One array for each line."))) var lines = false
        @Flag(help: .init(Language.text(zh: "每行是 base64。", en: "Lines are base64, for texts of any bytes.")))
        var base64 = false
        @Flag(
            help: .init(
                Language.text(
                    zh: "不是 UTF-8 的字节读作 U+FFFD，与 llama.cpp 相同；否则各成一个词元，可以还原。",
                    en: "Read bytes that are not UTF-8 as U+FFFD, like llama.cpp; else each is a token.")))
        var replace = false
        @Flag(help: .init(Language.text(zh: "输出 JSON 数组。", en: "Print a JSON array."))) var json = false

        func run() async throws {
            let tokenizer = try TokenizerVerb.tokenizer(options.model)
            let input = try Terminal.readAll(bytesMax: TokenizerVerb.inputBytesMax)
            let texts =
                lines ? input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) : [input[...]]
            for text in lines && texts.last?.isEmpty == true ? texts.dropLast() : texts[...] {
                guard let bytes = base64 ? Data(base64Encoded: Data(text)) : Data(text) else {
                    throw ValidationError(Language.text(zh: "不是 base64", en: "a line is not base64"))
                }
                let ids =
                    replace
                    ? tokenizer.encode(bytes: Array(bytes), special: special)
                    : tokenizer.encode(keeping: Array(bytes), special: special)
                Terminal.output(
                    json
                        ? "[" + ids.map(String.init).joined(separator: ",") + "]"
                        : ids.map(String.init).joined(separator: " "))
            }
        }
    }

    struct Decode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "标准输入的编号变为文本。", en: "Standard input's ids to text."),
            discussion: Language.text(zh: "例：", en: "Example: ")
                + "echo '[108386]' | danlu tokenizer decode --model qwen2.5-coder-1.5b-instruct")

        @OptionGroup var options: ModelOptions
        @Flag(help: .init(Language.text(zh: "也写出特殊词元。", en: "Write special tokens too."))) var special = false
        @Flag(help: .init(Language.text(zh: "输出 JSON 字符串。", en: "Print a JSON string."))) var json = false

        func run() async throws {
            let tokenizer = try TokenizerVerb.tokenizer(options.model)
            let input = String(decoding: try Terminal.readAll(bytesMax: TokenizerVerb.inputBytesMax), as: UTF8.self)
            let ids = try input.split { !($0.isNumber || $0 == "-") }.map { word -> Int32 in
                guard let id = Int32(word), id >= 0, Int(id) < tokenizer.vocabularySize else {
                    throw ValidationError("\(word): 0…\(tokenizer.vocabularySize - 1)")
                }
                return id
            }
            if json {
                return Terminal.output(JSONValue.string(tokenizer.decode(ids, special: special)).serialized())
            }
            // The bytes and nothing else, so that files come back as they were; a terminal gets its line end.
            Terminal.output(bytes: tokenizer.bytes(of: ids, special: special))
            if Terminal.outputIsTerminal { Terminal.output("") }
        }
    }
}
