import ArgumentParser
import Assistant
import Foundation
import Instructions
import JSON
import Kernels
import Training

/// `danlu score`: what a reward model makes of answers.
struct ScoreVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: Language.text(zh: "用奖励模型给回答打分。", en: "Score answers with a reward model."),
        discussion: Language.text(
            zh: """
                例：
                  danlu score --run runs/reward --data pairs.jsonl         成对偏好：正确率与区间
                  danlu score --run runs/reward --data answers.jsonl --json   每个回答一行分数
                分数只能与同一提问的其他回答相比。若分数几乎只随长度变化，会指出来。
                """,
            en: """
                Examples:
                  danlu score --run runs/reward --data pairs.jsonl           pairs: accuracy, with its interval
                  danlu score --run runs/reward --data answers.jsonl --json  a line with the score of each answer
                A score means something beside those of other answers to the same question. Where scores hardly
                follow anything but length, that is said.
                """))

    @Option(
        name: .customLong("run"),
        help: .init(Language.text(zh: "danlu train reward 的训练。", en: "A run of danlu train reward."), valueName: "run"))
    var trained: String?
    @Option(
        help: .init(
            Language.text(
                zh: "safetensors 文件夹（…ForSequenceClassification）。",
                en: "A folder of safetensors (…ForSequenceClassification)."), valueName: "folder"))
    var model: String?
    @Option(
        parsing: .upToNextOption,
        help: .init(
            Language.text(zh: "偏好对，或带回答的示例。", en: "Pairs, or examples with answers."), valueName: "file"))
    var data: [String] = []
    @Option(help: .init(Language.text(zh: "一个文本的词元数上限；更长的被截断。", en: "Tokens of a text; longer ones are cut.")))
    var seq = 1024
    @Option(help: .init(Language.text(zh: "计算线程数。", en: "Threads."))) var threads: Int?
    @Option(help: .init(Language.text(zh: "计算精度。", en: "What products are computed in."))) var precision: Precision?
    @Flag(help: .init(Language.text(zh: "跳过坏记录而不报错。", en: "Pass over broken records."))) var skipBroken = false
    @Flag(
        help: .init(
            Language.text(
                zh: "输出 JSON：每个回答一行，偏好对再加一行总计。",
                en: "Print JSON: a line an answer, and for pairs one with the totals."))) var json = false

    func validate() throws {
        if (trained == nil) == (model == nil) { throw ValidationError("--run | --model") }
        if data.isEmpty { throw ValidationError("--data") }
        if !(2...65_536).contains(seq) { throw ValidationError("--seq: 2…65536") }
        if let threads, !(1...WorkerPool.threadsMax).contains(threads) {
            throw ValidationError("--threads: 1…\(WorkerPool.threadsMax)")
        }
    }

    func run() throws {
        let pool = try WorkerPool(threads: threads ?? Processors.threads)
        let scorer =
            try trained.map { try ScoreModel(run: RunsHome.run($0), tokensMax: seq, precision: precision, pool: pool) }
            ?? ScoreModel(folder: model ?? "", tokensMax: seq, precision: precision, pool: pool)
        let answers = try ScoredAnswers(data, try TuningText(scorer.reference), tokensMax: seq, skipBroken)
        let stop = StopRequest()
        var line = ProgressLine()
        let scores = Interrupts.stopping(stop.stop) {
            scorer.scores(answers.examples.map(\.tokens), unless: stop) { done in
                guard line.isDue else { return }
                let count = Language.text(zh: "\(done) 个回答", en: "\(done) answers")
                line.show([count, line.rate(done)], share: Double(done) / Double(answers.examples.count))
            }
        }
        line.clear()
        guard let scores else { Interrupts.end() }
        if json {
            for object in answers.lines(scores) { Terminal.output(JSONValue.object(object).serialized()) }
        } else {
            for text in answers.text(scores) { Terminal.output(text) }
        }
    }
}
