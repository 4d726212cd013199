import Foundation
import Kernels
import Training

/// A run of a model of some thousand parameters on some hundred texts.
struct TinyRun {
    let folder: TemporaryFolder
    let runFolder: RunFolder
    var configuration: RunConfiguration

    init(steps: Int = 12) throws {
        folder = try TemporaryFolder()
        let texts = (0..<120).map { $0 % 2 == 0 ? "春眠不覺曉，處處聞啼鳥 \($0)" : "number \($0) is followed by \($0 + 1)" }
        runFolder = RunFolder(path: "\(folder.path)/run")
        configuration = RunConfiguration(
            model: ModelShape(layers: 1, dim: 32, vocabularySize: 257, contextTokens: 32),
            data: [DataPath(path: try folder.write("a.jsonl", texts: texts))], tokenizer: try folder.writeTokenizer(),
            cache: "\(folder.path)/cache", steps: steps, sequence: 32, rows: 4, microRows: 2, threads: 1,
            schedule: Schedule(kind: .warmupStableDecay, peak: 0.01, steps: steps, warmup: 2, decaySteps: 2),
            saveEvery: 4, validateEvery: 6, sampleEvery: 0)
        configuration.heldOutShare = 0.1
    }

    func remove() { folder.remove() }

    func begin(_ report: @escaping (RunEvent) -> Void = { _ in }) throws -> Trainer {
        try Trainer(
            beginning: runFolder, configuration, pool: WorkerPool(threads: 1), progress: { _ in }, report: report)
    }

    func resume(
        change: (inout RunConfiguration) throws(TrainingError) -> Void = { _ in },
        _ report: @escaping (RunEvent) -> Void = { _ in }
    ) throws -> Trainer {
        try Trainer(
            resuming: runFolder, pool: WorkerPool(threads: 1), change: change, progress: { _ in }, report: report)
    }

    /// The weights of a step's checkpoint.
    func weights(_ step: Int) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(runFolder.checkpoints.path(step))/\(Checkpoint.weightsName)"))
    }
}

/// Events of a run, in order.
final class EventList {
    private(set) var events: [RunEvent] = []

    func add(_ event: RunEvent) { events.append(event) }

    var losses: [Double] {
        events.compactMap { if case .step(let step) = $0 { step.loss } else { nil } }
    }
}
