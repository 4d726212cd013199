import ArgumentParser
import Assistant
import Foundation
import Kernels
import Training

/// `danlu train`: train a model, or go on with a run.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: Language.text(zh: "训练模型，或继续一次训练。", en: "Train a model, or go on with a run."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train pretrain --data poems.jsonl.gz --tokenizer tokenizer --size 3M --steps 2000 \\
                      --run runs/poems
                  danlu train --resume runs/poems                  中断后继续，结果与不中断时逐位相同
                  danlu train --resume runs/poems --steps 4000     延长：从衰减之前继续
                Ctrl-C 或 SIGTERM 会先保存再停止。
                """,
            en: """
                Examples:
                  danlu train pretrain --data poems.jsonl.gz --tokenizer tokenizer --size 3M --steps 2000 \\
                      --run runs/poems
                  danlu train --resume runs/poems                  go on; every bit is as if it had not been interrupted
                  danlu train --resume runs/poems --steps 4000     longer: it goes on from before its decay
                Ctrl-C and SIGTERM save before they stop.
                """),
        subcommands: [Pretrain.self])

    @Option(
        help: .init(
            Language.text(zh: "要继续的训练文件夹。", en: "The folder of the run to go on with."), valueName: "dir"))
    var resume: String?
    @Option(help: .init(Language.text(zh: "新的总步数。", en: "Steps in all, when they are to be others.")))
    var steps: Int?
    @Option(help: .init(Language.text(zh: "从这一步开始衰减。", en: "The step from which the learning rate falls.")))
    var decayFrom: Int?
    @Option(help: .init(Language.text(zh: "衰减的步数。", en: "Steps for which it falls."))) var decaySteps: Int?
    @Option(
        help: .init(Language.text(zh: "计算线程数；相同时结果逐位相同。", en: "Threads; the same number gives the same bits.")))
    var threads: Int?
    @Option(help: .init(Language.text(zh: "每隔多少步保存。", en: "Steps between checkpoints."))) var saveEvery: Int?
    @Flag(help: .init(Language.text(zh: "每步输出一行 JSON。", en: "Print one JSON line a step."))) var json = false

    func validate() throws {
        if resume == nil {
            throw ValidationError(
                Language.text(
                    zh: "请用 danlu train pretrain 新建，或用 --resume DIR 继续",
                    en: "begin a run with danlu train pretrain, or go on with --resume DIR"))
        }
    }

    func run() throws {
        guard let resume else { return }
        let folder = RunFolder(path: resume)
        let threads = try threads ?? folder.configuration().threads
        guard (1...WorkerPool.threadsMax).contains(threads) else {
            throw ValidationError("--threads: 1…\(WorkerPool.threadsMax)")
        }
        try TrainingSession(json: json, threads: threads).run { pool, display in
            try Trainer(
                resuming: folder, pool: pool, change: change, progress: display.show, report: display.report)
        }
    }

    private func change(_ configuration: inout RunConfiguration) throws(TrainingError) {
        if let threads { configuration.threads = threads }
        if let saveEvery { configuration.saveEvery = saveEvery }
        if steps != nil || decayFrom != nil || decaySteps != nil {
            let old = configuration.schedule
            configuration.steps = steps ?? configuration.steps
            configuration.schedule = Schedule(
                kind: old.kind, peak: old.peak, steps: configuration.steps, warmup: old.warmup, decayFrom: decayFrom,
                decaySteps: decaySteps, floor: old.floor)
        }
        try configuration.check()
    }
}
