import ArgumentParser
import Assistant
import Evaluation
import Foundation

/// `danlu eval compare A.json B.json`: better, worse, or cannot tell.
struct EvalCompare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: Language.text(zh: "比较两次打分。", en: "Compare two results."),
        discussion: Language.text(
            zh: """
                例：danlu eval compare 之前.json 之后.json
                同一批题目成对比较：对错用 McNemar 精确检验，比特数用成对自助法；多个任务用 Holm 校正，5 % 以下才算差别。
                开放问题（任务 open）由裁判比较：--judge 是模型名、文件，或 OpenAI 兼容接口的地址；两个回答交换位置各问一次。
                接口的密钥取自环境变量 DANLU_JUDGE_KEY。
                """,
            en: """
                Example: danlu eval compare before.json after.json
                The same questions in pairs: McNemar's exact test for right and wrong, a paired bootstrap for bits;
                Holm's correction for several tasks; a difference is one below 5 %.
                Open questions (the task open) need a judge: --judge is a model's name or file, or the address of an
                OpenAI-compatible server; each pair is asked twice, with places exchanged.
                A server's key is taken from DANLU_JUDGE_KEY.
                """))

    @Argument(help: .init(Language.text(zh: "之前的结果。", en: "The result before."), valueName: "before")) var before:
        String
    @Argument(help: .init(Language.text(zh: "之后的结果。", en: "The result after."), valueName: "after")) var after: String
    @Option(help: .init(Language.text(zh: "裁判。", en: "The judge."), valueName: "name|path|url")) var judge: String?
    @Option(
        help: .init(
            Language.text(zh: "接口上的模型名；默认第一个。", en: "The model's name at the address; by default its first.")))
    var judgeModel: String?
    @Option(help: .init(Language.text(zh: "随机种子。", en: "The seed."))) var seed: UInt64 = 1
    @Option(help: .init(Language.text(zh: "成绩单的文件夹。", en: "A folder for the report card."), valueName: "folder"))
    var output: String?
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func run() async throws {
        let first = try EvaluationResult(file: before)
        let second = try EvaluationResult(file: after)
        var judgements: [String: Judgement] = [:]
        if let judge {
            let bench = try bench(judge)
            let pairs = Self.pairs(first, second)
            let work = Task {
                var found: [String: Judgement] = [:]
                for (name, texts) in pairs { found[name] = try await Self.ask(bench, name, texts) }
                return found
            }
            judgements = try await Interrupts.value(of: work)
        }
        let comparison = Comparison(first, second, judgements: judgements, seed: seed)
        if let output { try ReportCard(second, before: first, comparison: comparison).write(to: output) }
        if json { return Terminal.output(try ResultText.json(comparison)) }
        EvalDisplay.show(comparison)
    }

    private func bench(_ judge: String) throws -> Judge {
        if judge.hasPrefix("http://") || judge.hasPrefix("https://") {
            let key = ProcessInfo.processInfo.environment["DANLU_JUDGE_KEY"].flatMap { $0.isEmpty ? nil : $0 }
            return Judge(.endpoint(try JudgeEndpoint(base: judge, model: judgeModel, key: key)))
        }
        let assistant = try LocalModels.assistant(judge, LocalModel.options(AssistantOptions()))
        return Judge(.model(LocalModel(assistant, identity: judge)))
    }

    private typealias Pair = (question: String, before: String, after: String)

    /// The answers to open questions that both were asked.
    private static func pairs(
        _ first: EvaluationResult, _ second: EvaluationResult
    ) -> [(name: String, pairs: [Pair])] {
        first.tasks.filter { $0.metric == .judged }.compactMap { task in
            guard let other = second.tasks.first(where: { $0.name == task.name && $0.hash == task.hash }) else {
                return nil
            }
            return (
                task.name,
                zip(task.items, other.items).map { ($0.question ?? $0.id, $0.answer, $1.answer) }
            )
        }
    }

    private static func ask(_ judge: Judge, _ name: String, _ pairs: [Pair]) async throws -> Judgement {
        var line = ProgressLine()
        defer { line.clear() }
        return try await judge.compare(pairs) { done in
            guard line.isDue else { return }
            line.show(["\(name) \(done)/\(pairs.count)"], share: Double(done) / Double(max(1, pairs.count)))
        }
    }
}
