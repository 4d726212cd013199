import ArgumentParser
import Foundation
import Instructions
import JSON

extension DataVerb {
    /// `danlu data check`: what is wrong, where, and how to mend it.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "逐行检查数据。", en: "Check data line by line."),
            discussion: Language.text(
                zh: """
                    例：danlu data check mine.jsonl --against gsm8k-test.jsonl.gz --json
                    每处错误一行：文件:行号: 字段: 错在哪里；怎么改。有错则退出码为 1（--skip-broken 时为 0）。
                    加 --model 时还用该模型的对话模板渲染每一例，报告渲染不了的。
                    """,
                en: """
                    Example: danlu data check mine.jsonl --against gsm8k-test.jsonl.gz --json
                    A line for each fault: file:line: field: what is wrong; how to mend it. Exit code 1 when there are
                    faults (0 with --skip-broken). With --model each example is also rendered by that model's chat
                    template, and those that cannot be are reported.
                    """))

        @OptionGroup var input: DataInputOptions
        @OptionGroup var rendering: DataRenderingOptions

        func run() async throws {
            try await DataVerb.run { [self] in try check() }
        }

        private func check() throws {
            var lessons = try rendering.model == nil ? nil : rendering.lengths()
            var pass = DataPass(input)
            try pass.run { lessons?.add($0.example) }
            let faults = pass.faults + (lessons?.dropped ?? [])
            let count = pass.faultCount + (lessons?.droppedCount ?? 0)
            if input.json {
                var object = pass.json
                object["faults"] = .array(faults.map(\.json))
                if let lessons { object["not_rendered"] = .int(lessons.droppedCount) }
                object["ok"] = .bool(count == 0)
                Terminal.output(JSONValue.object(object).serialized())
            } else {
                for fault in faults { Terminal.output(fault.wording.text) }
                if count > faults.count {
                    let more = count - faults.count
                    Terminal.output(Language.text(zh: "……另有 \(more) 处", en: "… and \(more) more"))
                }
                for line in DataText.summary(pass) { Terminal.output(line) }
                if let lessons {
                    Terminal.output(
                        Language.text(
                            zh: "对话模板渲染不了 \(lessons.droppedCount) 例",
                            en: "the chat template does not render \(lessons.droppedCount) examples"))
                }
            }
            if count > 0, !input.skipBroken { throw ExitCode(1) }
        }
    }
}
