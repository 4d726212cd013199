import ArgumentParser
import Instructions
import JSON

/// What every verb of `danlu data` reads, and how.
struct DataInputOptions: ParsableArguments {
    @Argument(
        help: .init(Language.text(zh: "数据文件或文件夹。", en: "Files or folders of data."), valueName: "path"))
    var paths: [String]

    @Flag(
        help: .init(
            Language.text(
                zh: "跳过有错的行（仍会报告）；不加则有错即失败。",
                en: "Pass over broken records, still reporting them; without it they are an error.")))
    var skipBroken = false

    @Option(
        parsing: .upToNextOption,
        help: .init(
            Language.text(
                zh: "评测文件：找出与之有 13 个词或汉字连续相同的例子。",
                en: "Evaluation files: find examples that share 13 words or Han characters in a row."),
            valueName: "path"))
    var against: [String] = []

    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func validate() throws {
        if paths.isEmpty {
            throw ValidationError(
                Language.text(zh: "请给出数据文件，如 mine.jsonl", en: "give files of data, such as mine.jsonl"))
        }
    }
}

extension Wording {
    /// In the language of whoever reads.
    var text: String { Language.text(zh: zh, en: en) }
}

extension DataFault {
    /// In both languages: scripts do not know who will read.
    var json: JSONValue {
        [
            "file": .string(source.file), "line": .int(source.line), "field": .string(field),
            "zh": .string(problem.zh), "en": .string(problem.en),
        ]
    }
}
