import Alignment
import ArgumentParser
import JSON

/// `danlu align`: sentence pairs from two files that say the same in two languages.
struct AlignVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "align",
        abstract: Language.text(
            zh: "从双语字幕、gettext 译文或成对文档里对齐句子。",
            en: "Aligned sentence pairs from bilingual subtitles, gettext catalogues or pairs of documents."),
        discussion: Language.text(
            zh: """
                每行一对：原文、制表符、译文、制表符、可信度。
                例：
                  danlu align film.zh.srt film.en.srt --json
                  danlu align app.zh_CN.mo                   一份译文目录就够
                  danlu align bilingual.ass                  每条字幕含两种语言
                """,
            en: """
                A line a pair: one text, a tab, the other, a tab, the score.
                Examples:
                  danlu align film.zh.srt film.en.srt --json
                  danlu align app.zh_CN.mo                   one catalogue is enough
                  danlu align bilingual.ass                  cues in two languages
                """))

    @Argument(help: .init(Language.text(zh: "第一份文件。", en: "The first file."))) var first: String
    @Argument(help: .init(Language.text(zh: "第二份文件。", en: "The second file."))) var second: String?
    @Option(help: .init(Language.text(zh: "可信度下限，0…1。", en: "The least score of a pair, 0…1.")))
    var minScore = FileAlignment.scoreUsual
    @Flag(help: .init(Language.text(zh: "输出一个 JSON 对象。", en: "Print one JSON object."))) var json = false

    func validate() throws {
        guard (0...1).contains(minScore) else { throw ValidationError("--min-score: 0…1") }
    }

    func run() async throws {
        let report = try FileAlignment(scoreMin: minScore).align(first, second)
        guard json else {
            for pair in report.pairs {
                Terminal.output("\(Self.line(pair.first))\t\(Self.line(pair.second))\t\(Self.score(pair.score))")
            }
            return
        }
        let pairs = report.pairs.map { pair -> JSONValue in
            .object([
                "first": .string(pair.first), "second": .string(pair.second), "score": .double(pair.score),
                "form": .string("\(pair.firstCount)-\(pair.secondCount)"), "place": .int(pair.place),
            ])
        }
        Terminal.output(
            JSONValue.object([
                "first_language": .string(report.firstLanguage.code),
                "second_language": .string(report.secondLanguage.code),
                "first_items": .int(report.firstItems), "second_items": .int(report.secondItems),
                "doubted": .int(report.doubted), "pairs": .array(pairs),
            ]).serialized())
    }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }

    private static func score(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return hundredths >= 100 ? "1.00" : "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
    }
}
