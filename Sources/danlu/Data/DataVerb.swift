import ArgumentParser
import Instructions

/// `danlu data`: instruction data, before anything is trained on it.
struct DataVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: Language.text(
            zh: "检查、转换、统计、拆分对话与偏好数据。", en: "Check, convert, measure and split conversations and preferences."),
        discussion: Language.text(
            zh: """
                例：
                  danlu data check mine.jsonl                                 逐行检查，指出文件、行号与改法
                  danlu data check mine.jsonl --against gsm8k-test.jsonl.gz   与评测集重合的例子
                  danlu data convert alpaca.json --output mine.jsonl          各种格式统一成一种
                  danlu data stats mine.jsonl --model 模型 --seq 1024         长度、要学的词元、装填率
                  danlu data split mine.jsonl --held-out 0.1 --output split/  按内容拆分，重复的在同一边
                  danlu data answer --model 模型 --data 提问.jsonl --output 回答.jsonl  让模型回答，写成示例
                自动识别：Alpaca、ShareGPT、OpenAI messages、minimind、nanochat、prompt/completion、
                成对偏好（chosen/rejected）、单个评价（label、kto_tag）。.jsonl、.json 及其 .gz，或文件夹。
                """,
            en: """
                Examples:
                  danlu data check mine.jsonl                                 line by line: file, line, how to mend it
                  danlu data check mine.jsonl --against gsm8k-test.jsonl.gz   examples that overlap with a test
                  danlu data convert alpaca.json --output mine.jsonl          any schema becomes the one
                  danlu data stats mine.jsonl --model MODEL --seq 1024        lengths, targets, how full rows become
                  danlu data split mine.jsonl --held-out 0.1 --output split/  by content; repeats stay on one side
                  danlu data answer --model MODEL --data prompts.jsonl --output answers.jsonl  a model's own answers
                Recognised: Alpaca, ShareGPT, OpenAI messages, minimind, nanochat, prompt/completion, pairs
                (chosen/rejected), single judgements (label, kto_tag). .jsonl, .json, these with .gz, and folders.
                """),
        subcommands: [Check.self, Convert.self, Stats.self, Split.self, Answer.self])

    /// Runs a verb; Ctrl-C stops it.
    ///
    /// - Parameter stopped: said then, where something would have been written.
    static func run(stopped: String? = nil, _ body: @escaping @Sendable () throws -> Void) async throws {
        do {
            try await Interrupts.value(of: Task { try body() })
        } catch is CancellationError {
            if let stopped { Terminal.note(stopped) }
            Interrupts.end()
        } catch let error as InstructionsError {
            throw Failure(description: error.wording.text)
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static let nothingWritten = Language.text(zh: "已停止；什么都没有写出。", en: "Stopped; nothing was written.")
}
