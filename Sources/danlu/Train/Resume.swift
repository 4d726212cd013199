import ArgumentParser
import Kernels
import Training

/// `danlu train --resume DIR`: go on with a run, perhaps for longer.
struct Resume: ParsableCommand {
    // A command of its own: options of `train` itself would also be taken from what follows `train pretrain`.
    static let configuration = CommandConfiguration(
        abstract: Language.text(zh: "继续一次训练。", en: "Go on with a run."), shouldDisplay: false)

    @Option(
        help: .init(
            Language.text(zh: "要继续的训练文件夹。", en: "The folder of the run to go on with."), valueName: "dir"))
    var resume: String
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

    func run() throws {
        let folder = RunFolder(path: resume)
        let threads = try threads ?? folder.configuration().threads
        guard (1...WorkerPool.threadsMax).contains(threads) else {
            throw ValidationError("--threads: 1…\(WorkerPool.threadsMax)")
        }
        try TrainingSession(json: json, threads: threads).run { pool, progress, report in
            try Trainer(
                resuming: folder, pool: pool, lessons: Lessons.make, change: change, progress: progress,
                report: report)
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
