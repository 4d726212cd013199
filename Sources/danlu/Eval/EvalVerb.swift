import ArgumentParser

/// `danlu eval`: what a model is worth.
struct EvalVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: Language.text(zh: "给模型打分：成绩单、比较。", en: "Judge a model: a report card, comparisons."),
        discussion: Language.text(
            zh: """
                例：
                  danlu eval tasks                                              有哪些任务，数据从哪里来
                  danlu eval --tasks arithmetic,idiom-cloze --limit 100          不需要数据
                  danlu eval --tasks gsm8k,ceval --data 题库 --output 成绩单
                  danlu eval --tasks bits --text 留出.txt --json > b.json
                  danlu eval compare a.json b.json                               更好、更差，或无法判断
                回答存在 DANLU_HOME/eval 中：中断后再次运行同一命令即从中断处继续。
                """,
            en: """
                Examples:
                  danlu eval tasks                                              which there are, where their data is
                  danlu eval --tasks arithmetic,idiom-cloze --limit 100          without data
                  danlu eval --tasks gsm8k,ceval --data exams --output card
                  danlu eval --tasks bits --text held-out.txt --json > b.json
                  danlu eval compare a.json b.json                               better, worse, or cannot tell
                Answers are kept in DANLU_HOME/eval: the same command goes on where it was interrupted.
                """),
        subcommands: [EvalRun.self, EvalCompare.self, EvalTasks.self], defaultSubcommand: EvalRun.self)
}
