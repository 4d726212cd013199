import ArgumentParser
import Assistant
import Evaluation
import Foundation
import JSON
import Training

/// `danlu eval --model M --tasks a,b`: asks, scores, and writes a report card.
struct EvalRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: Language.text(zh: "打分。", en: "Judge a model."))

    @OptionGroup var options: ModelOptions
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup(title: Language.text(zh: "任务", en: "Tasks")) var tasks: EvalTaskFlags
    @Option(
        help: .init(
            Language.text(zh: "成绩单的文件夹（HTML、Markdown、JSON）。", en: "A folder for the report card."),
            valueName: "folder"))
    var output: String?
    @Option(
        help: .init(Language.text(zh: "与之比较的早先结果。", en: "An earlier result to compare with."), valueName: "file"))
    var before: String?
    @Option(
        name: .customLong("run"),
        help: .init(Language.text(zh: "训练出此模型的训练。", en: "The run that made the model."), valueName: "run"))
    var trainingRun: String?
    @Option(
        help: .init(
            Language.text(zh: "danlu data check --json 的输出。", en: "What danlu data check --json printed."),
            valueName: "file"))
    var contamination: String?
    @Flag(
        inversion: .prefixedNo,
        help: .init(
            Language.text(zh: "固定样本与拒绝测试（有 --output 时默认）。", en: "Fixed samples, refusals (default with --output)."))
    )
    var samples: Bool?
    @Flag(help: .init(Language.text(zh: "重新提问，不用存下的回答。", en: "Ask again; do not use kept answers."))) var fresh =
        false
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func run() async throws {
        let earlier = try before.map { try EvaluationResult(file: $0) }
        let made = try tasks.names.map { try TaskCatalogue.kind($0).task(tasks.settings) }
        let sandbox = made.contains { $0.metric == .passAtOne } ? try CodeSandbox() : nil
        let facts = try contamination.map { try EvalFacts.facts(file: $0) } ?? []
        let lineage = try trainingRun.map { try EvalFacts.lineage(RunsHome.run($0)) } ?? []
        let named = adapters.model(options.model)
        let entry = try LocalModels.entry(named)
        let identity = try ModelIdentity(
            path: entry.path, adapters: adapters.paths, setting: "\(options.cacheType.rawValue) \(adapters.scale)")
        let base = try LocalModels.assistant(named, LocalModel.options(options.assistantOptions))
        let assistant = try adapters.applied(to: base)
        let log = fresh ? nil : try AnswerLog(path: EvalHome.answers(identity.hash))
        let runner = Runner(
            model: LocalModel(assistant, identity: identity.hash), log: log, sandbox: sandbox)
        let wantsSamples = samples ?? (output != nil)
        let model = EvaluationResult.Model(
            name: entry.name, path: entry.path, architecture: base.description.architecture,
            parameters: base.description.parameters, quantization: base.description.quantization,
            adapters: adapters.paths, identity: identity)
        let (seed, limit) = (tasks.seed, tasks.limit)
        let work = Task {
            let began = ContinuousClock.now
            var result = EvaluationResult(
                version: danluVersion, model: model, seed: seed, limit: limit, tasks: [], date: Date())
            for task in made { result.tasks.append(try await EvalDisplay.run(task, runner, seed: seed)) }
            if wantsSamples {
                (result.samples, result.refusals) = try await EvalDisplay.sample(runner)
            }
            result.seconds = began.duration(to: .now) / .seconds(1)
            return result
        }
        var result: EvaluationResult
        do { result = try await Interrupts.value(of: work) } catch is CancellationError {
            Terminal.note(
                Language.text(
                    zh: "已停止；再次运行同一命令即继续。", en: "Stopped; the same command goes on from here."))
            throw ExitCode(130)
        }
        (result.contamination, result.lineage) = (facts, lineage)
        let card = ReportCard(result, before: earlier)
        if let output { try card.write(to: output) }
        if json { return Terminal.output(try result.json()) }
        EvalDisplay.show(result)
        if let earlier { EvalDisplay.show(Comparison(earlier, result, seed: seed)) }
        for line in card.failures { Terminal.note("· \(line)") }
        for name in ["html", "md", "json"] { if let output { Terminal.output("\(output)/report.\(name)") } }
    }
}
