import ArgumentParser
import Foundation
import Instructions
import JSON

extension DataVerb {
    /// `danlu data convert`: every schema becomes the one form.
    struct Convert: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "把各种格式转换成一种。", en: "Convert any schema to the one form."),
            discussion: Language.text(
                zh: """
                    例：danlu data convert alpaca.json sharegpt.jsonl --output mine.jsonl --drop-duplicates
                    写出每行一例的 OpenAI messages；偏好对写作 prompt/chosen/rejected，评价写作
                    prompt/completion/label（TRL 的格式）。
                    """,
                en: """
                    Example: danlu data convert alpaca.json sharegpt.jsonl --output mine.jsonl --drop-duplicates
                    Writes an example a line as OpenAI messages; preferences as prompt/chosen/rejected, judgements as
                    prompt/completion/label (TRL's forms).
                    """))

        @OptionGroup var input: DataInputOptions
        @Option(help: .init(Language.text(zh: "写入的 .jsonl 文件。", en: "The .jsonl file to write."), valueName: "path"))
        var output: String
        @Flag(
            help: .init(
                Language.text(
                    zh: "去掉重复的例子（忽略大小写、标点与空白）。", en: "Leave out repeats (without case, punctuation and space).")))
        var dropDuplicates = false
        @Flag(
            help: .init(
                Language.text(
                    zh: "去掉与 --against 的评测重合的例子。", en: "Leave out examples that overlap with those of --against.")))
        var dropContaminated = false
        @Flag(help: .init(Language.text(zh: "覆盖已有的文件。", en: "Replace a file that is there."))) var overwrite = false

        func validate() throws {
            if dropContaminated, input.against.isEmpty {
                throw ValidationError(
                    Language.text(zh: "--drop-contaminated 需要 --against", en: "--drop-contaminated needs --against"))
            }
        }

        func run() async throws {
            try await DataVerb.run(stopped: DataVerb.nothingWritten) { [self] in try convert() }
        }

        private func convert() throws {
            let writer = try ExampleWriter(path: output, overwrite: overwrite)
            var pass = DataPass(input)
            try pass.run { visit in
                if dropDuplicates, visit.repeated != nil { return }
                if dropContaminated, visit.overlap != nil { return }
                try writer.write(visit.example)
            }
            try pass.refuseFaults()
            try writer.finish()
            if input.json {
                var object = pass.json
                object["output"] = .string(output)
                object["written"] = .int(writer.count)
                return Terminal.output(JSONValue.object(object).serialized())
            }
            for fault in pass.faults { Terminal.note(fault.wording.text) }
            for line in DataText.summary(pass) { Terminal.output(line) }
            Terminal.output(
                Language.text(zh: "写出 \(writer.count) 例：\(output)", en: "\(writer.count) examples written: \(output)"))
        }
    }
}
