import ArgumentParser

/// The command line: one verb a stage, one file a verb.
@main
struct Danlu: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "danlu",
        abstract: Language.text(
            zh: "丹炉：在自己的机器上拥有自己的助手。", en: "Danlu, the alchemist's furnace: your own assistant on your own machine."),
        discussion: Language.text(
            zh: """
                例：
                  danlu pull qwen2.5-coder-1.5b-instruct    下载模型
                  danlu chat                                在终端里聊天
                  danlu serve                               网页与 OpenAI 兼容接口
                """,
            en: """
                Examples:
                  danlu pull qwen2.5-coder-1.5b-instruct    get a model
                  danlu chat                                talk in the terminal
                  danlu serve                               web page and OpenAI-compatible API
                """),
        version: danluVersion,
        subcommands: [
            Pull.self, Models.self, Show.self, Remove.self, Chat.self, Serve.self, Keys.self, Bench.self,
            TokenizerVerb.self, DataVerb.self, CleanVerb.self, AlignVerb.self, Export.self, Plan.self,
            TemplateVerb.self, Perplexity.self, Train.self, Runs.self, EvalVerb.self, ScoreVerb.self, IndexCorpus.self,
            TraceVerb.self,
        ])

    /// Exit codes: 0 done, 1 failed, 2 wrong use.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(after: error)
        }
    }

    private static func exit(after error: any Error) -> Never {
        let code = exitCode(for: error)
        if code == .validationFailure || error is CleanExit || code.isSuccess {
            let message = fullMessage(for: error)
            if !message.isEmpty { code.isSuccess ? Terminal.output(message) : Terminal.note(message) }
            Terminal.exit(code.isSuccess ? 0 : 2)
        }
        if let exit = error as? ExitCode { Terminal.exit(exit.rawValue) }
        Terminal.note("\(Language.text(zh: "错误", en: "error")): \(message(for: error))")
        Terminal.exit(1)
    }
}

let danluVersion = "0.1.0"
