import Kernels

/// Trains a run: the loop around network, optimiser, data, guards and checkpoints.
///
///     let trainer = try Trainer(resuming: folder, pool: pool) { event in … }
///     let outcome = try trainer.run(until: stop)          // .finished or .stopped; saved in either case
///
/// Everything that decides what is computed next lies in `state`, the parameters and the optimiser, all of which a
/// checkpoint holds: a run that is killed and resumed computes the same bits as one that is not, with the same number
/// of threads. Not thread-safe: one thread owns it.
package final class Trainer {
    package let folder: RunFolder
    package let configuration: RunConfiguration
    /// Of samples; tuning has none.
    let tokenizer: TrainingTokenizer?
    let network: Network
    let optimizer: Optimizer
    let pool: WorkerPool
    let reduction: any GradientReduction
    let lesson: any Lesson
    let hashes: CheckpointManifest.Hashes
    let writer: CheckpointWriter
    let log: RunLog
    let report: (RunEvent) -> Void
    private let lock: RunLock

    var state: CheckpointState
    /// Kinds of notices that were given since the program began.
    var noticed: Set<String> = []
    /// Why the last attempts to save failed; nil when the last one did not.
    var savingError: TrainingError?

    package enum Outcome: Equatable, Sendable {
        case finished
        /// On request; going on is possible at any time.
        case stopped
    }

    /// What is needed to make a trainer, from a new run or an old one.
    struct Parts {
        var folder: RunFolder
        var configuration: RunConfiguration
        var tokenizer: TrainingTokenizer?
        var base: BaseModel?
        /// SHA-256 of the tokenizer and of the chat template.
        var text: (tokenizer: String, template: String)
        var data: TrainingData
        var lock: RunLock
        var lessons: LessonContext.Maker
    }

    init(
        _ parts: Parts, pool: WorkerPool, reduction: any GradientReduction, report: @escaping (RunEvent) -> Void
    ) throws(TrainingError) {
        let configuration = parts.configuration
        folder = parts.folder
        self.configuration = configuration
        tokenizer = parts.tokenizer
        self.pool = pool
        self.reduction = reduction
        self.report = report
        lock = parts.lock
        hashes = CheckpointManifest.Hashes(
            configuration: try configuration.hash, tokenizer: parts.text.tokenizer, template: parts.text.template,
            data: parts.data.manifest.hash)
        network = try Self.network(configuration, parts.base, pool)
        optimizer = try Optimizer(settings: configuration.optimizer.settings, layout: network.layout, pool: pool)
        lesson = try LessonContext(
            folder: parts.folder, configuration: configuration, data: parts.data, network: network, pool: pool
        ).lesson(parts.lessons)
        state = CheckpointState(
            seed: configuration.seed, cursor: DataCursor(sources: parts.data.sources.count),
            schedule: configuration.schedule, guards: Guards(settings: configuration.guards))
        let store = parts.folder.checkpoints
        store.recover()
        writer = CheckpointWriter(store: store, keep: configuration.keep)
        log = try RunLog(path: parts.folder.logPath)
    }

    private static func network(
        _ configuration: RunConfiguration, _ base: BaseModel?, _ pool: WorkerPool
    ) throws(TrainingError) -> Network {
        guard let base, let adapter = configuration.adapter else {
            return try Network(
                configuration: base?.configuration ?? configuration.model.configuration, base: base,
                precision: configuration.precision, rows: configuration.microRows, sequence: configuration.sequence,
                recompute: configuration.recompute, hasScore: configuration.stage == .reward, pool: pool)
        }
        return try Network(
            base: base, adapter: adapter, precision: configuration.precision, rows: configuration.microRows,
            sequence: configuration.sequence, recompute: configuration.recompute,
            panelBytesMax: configuration.panelBytesMax ?? TuningSettings.panelBytesMax,
            hasScore: configuration.stage == .reward, pool: pool)
    }

    package var parameterCount: Int { network.layout.count }
    package var step: Int { state.step }
    /// Operations of a token's training.
    package var operationsPerToken: Double {
        let all = TrainingWork(configuration.model.configuration, sequence: configuration.sequence).flopsPerToken
        // A frozen weight has no gradient: two products of three.
        return configuration.adapter != nil ? all * 2 / 3 : all
    }
    package var heldOutDocuments: Int { lesson.heldOutCount }

    /// Trains until the last step, or until a request to stop, and saves.
    ///
    /// - Throws: `TrainingError`: the last checkpoint could not be written, or the run does not recover.
    package func run(until stop: StopRequest) throws(TrainingError) -> Outcome {
        note(
            .begun(
                step: state.step, steps: configuration.steps, parameters: parameterCount, threads: pool.threads,
                version: RunConfiguration.currentFormat))
        try lesson.prepare(network, unless: stop) { report(.preparing($0)) }
        if state.isUnwatched == true {
            try watch(stop)
            if state.step == configuration.steps { save(isRegular: true) }
        }
        while state.step < configuration.steps, !stop.isStopping {
            guard try advance(stop) else { break }
            collectSaves()
            try watch(stop)
            guard !stop.isStopping else { break }
            if isDue(configuration.saveEvery) || isMilestone { save(isRegular: true) }
        }
        try finishSaving()
        let isFinished = state.step >= configuration.steps
        note(.ended(step: state.step, isFinished: isFinished))
        log.sync()
        return isFinished ? .finished : .stopped
    }

    func isDue(_ interval: Int) -> Bool { interval > 0 && state.step % interval == 0 }

    /// The last step before the decay is one: from there a run can be made longer.
    var isMilestone: Bool {
        isDue(configuration.milestoneEvery) || state.step == configuration.steps
            || state.schedule.decaySteps > 0 && state.schedule.kind == .warmupStableDecay
                && state.step == state.schedule.decayFrom
    }

    /// What a lesson is given for the next step.
    func lessonStep(_ stop: StopRequest) -> LessonStep {
        LessonStep(
            network: network, step: state.step, seed: configuration.seed, stop: stop, reduction: reduction
        ) { [unowned self] notice in
            if noticed.insert(notice.kind).inserted { note(.noticed(notice)) }
        }
    }

    /// Tells and logs. A log that cannot be written, on a full disk, must not end a run.
    func note(_ event: RunEvent) {
        try? log.append(event)
        report(event)
    }
}
