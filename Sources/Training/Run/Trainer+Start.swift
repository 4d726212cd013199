import Foundation
import Kernels

extension Trainer {
    /// A new run in a folder that has none.
    ///
    /// - Parameter progress: while text is tokenised.
    package convenience init(
        beginning folder: RunFolder, _ configuration: RunConfiguration, pool: WorkerPool,
        reduction: any GradientReduction = SingleProcess(),
        progress: (TokenizingProgress) throws(TrainingError) -> Void, report: @escaping (RunEvent) -> Void
    ) throws(TrainingError) {
        guard !folder.exists else { throw .runExists(path: folder.path) }
        try Self.checkMemory(configuration)
        let lock = try RunLock(folder)
        let parts: Parts
        do throws(TrainingError) {
            let tokenizer = try TrainingTokenizer(folder: configuration.tokenizer)
            let data = try TrainingData(
                configuration.data, tokenizer: tokenizer, cache: TokenCache(folder: configuration.cache),
                heldOutShare: configuration.heldOutShare, brokenLinesMax: configuration.brokenLinesMax, on: pool,
                progress: progress)
            parts = Parts(
                folder: folder, configuration: configuration, tokenizer: tokenizer,
                text: (tokenizer.hash, tokenizer.templateHash), data: data, lock: lock, lessons: { _ in nil })
        } catch {
            lock.abandon()
            throw error
        }
        try folder.create(configuration, parts.data.manifest)
        try self.init(parts, pool: pool, reduction: reduction, report: report)
        startOver()
    }

    /// A new tuning run in a folder that has none. The run keeps the examples: going on needs neither data nor
    /// template.
    package convenience init(
        beginning folder: RunFolder, _ configuration: RunConfiguration, tuningWith input: TuningInput,
        pool: WorkerPool, reduction: any GradientReduction = SingleProcess(),
        lessons: @escaping LessonContext.Maker = { _ in nil }, report: @escaping (RunEvent) -> Void
    ) throws(TrainingError) {
        guard !folder.exists else { throw .runExists(path: folder.path) }
        guard let reference = configuration.base else {
            throw .invalidSetting(name: "base", expected: "a model to tune", actual: "none")
        }
        try Self.checkMemory(configuration)
        let lock = try RunLock(folder)
        let base = try reference.open(verifies: false)
        let text = (tokenizer: reference.sha256, template: Files.sha256(Array(input.template.utf8)))
        let data = try TrainingData(
            ExampleShard(
                input.examples, tokenizer: input.tokenizer,
                vocabularySize: base.configuration.vocabularySize),
            path: DataPath(path: input.path), hash: Files.sha256(Array("\(text.tokenizer)\n\(text.template)\n".utf8)),
            in: folder.examplesPath,
            heldOutShare: configuration.heldOutShare)
        try Files.replace(folder.templatePath, with: Array(input.template.utf8))
        try folder.create(configuration, data.manifest)
        try self.init(
            Parts(folder: folder, configuration: configuration, base: base, text: text, data: data, lock: lock,
                lessons: lessons),
            pool: pool, reduction: reduction, report: report)
        startOver()
    }

    /// - Throws: `TrainingError.invalidSetting` when a run needs more memory than the machine has: better before its
    ///   text is tokenised or its base expanded than in the middle of a step.
    private static func checkMemory(_ configuration: RunConfiguration) throws(TrainingError) {
        let estimate = MemoryEstimate(configuration)
        let there = Double(ProcessInfo.processInfo.physicalMemory)
        let advice =
            configuration.adapter == nil
            ? "take a smaller size, or fewer micro-rows or a shorter seq"
            : "keep fewer panels (panel-memory), or take fewer micro-rows or a shorter seq"
        guard estimate.total <= there else {
            throw .invalidSetting(
                name: "memory", expected: "at most the \(Quantity.text(there / 1e9)) GB of this machine",
                actual: "a run that needs \(Quantity.text(estimate.total / 1e9)) GB; \(advice)")
        }
    }

    /// Goes on with a run from its newest checkpoint that verifies, or from the beginning when it has none.
    ///
    /// - Parameter change: to the configuration, for instance more steps.
    package convenience init(
        resuming folder: RunFolder, pool: WorkerPool, reduction: any GradientReduction = SingleProcess(),
        lessons: @escaping LessonContext.Maker = { _ in nil },
        change: (inout RunConfiguration) throws(TrainingError) -> Void = { _ in },
        progress: (TokenizingProgress) throws(TrainingError) -> Void, report: @escaping (RunEvent) -> Void
    ) throws(TrainingError) {
        let old = try folder.configuration()
        let lock = try RunLock(folder)
        var configuration = old
        try change(&configuration)
        try Self.checkMemory(configuration)
        if configuration.stage.isTuning {
            try self.init(
                try Self.tuningParts(folder, configuration, lock, lessons), pool: pool, reduction: reduction,
                report: report)
            try resume(old)
            if configuration != old { try folder.update(configuration) }
            return
        }
        let tokenizer = try TrainingTokenizer(folder: folder.tokenizerPath)
        let manifest = try folder.data()
        guard tokenizer.hash == manifest.tokenizer else {
            throw .changed(
                what: "the tokenizer", path: folder.tokenizerPath, expected: manifest.tokenizer, actual: tokenizer.hash)
        }
        let data = try Self.data(manifest, configuration, tokenizer, pool, progress)
        try self.init(
            Parts(
                folder: folder, configuration: configuration, tokenizer: tokenizer,
                text: (tokenizer.hash, tokenizer.templateHash), data: data, lock: lock, lessons: lessons),
            pool: pool, reduction: reduction, report: report)
        try resume(old)
        if configuration != old { try folder.update(configuration) }
    }

    private static func tuningParts(
        _ folder: RunFolder, _ configuration: RunConfiguration, _ lock: RunLock,
        _ lessons: @escaping LessonContext.Maker
    ) throws(TrainingError) -> Parts {
        guard let reference = configuration.base else {
            throw .damaged(file: folder.configurationPath, expected: "a base model", actual: "none")
        }
        let template = try Files.read(folder.templatePath, bytesMax: Files.jsonBytesMax)
        return Parts(
            folder: folder, configuration: configuration, base: try reference.open(),
            text: (reference.sha256, Files.sha256(template)),
            data: try TrainingData(resuming: try folder.data(), cache: TokenCache(folder: folder.examplesPath)),
            lock: lock, lessons: lessons)
    }

    /// From the cache, or else from the text, which must be what it was.
    private static func data(
        _ manifest: DataManifest, _ configuration: RunConfiguration, _ tokenizer: TrainingTokenizer,
        _ pool: WorkerPool, _ progress: (TokenizingProgress) throws(TrainingError) -> Void
    ) throws(TrainingError) -> TrainingData {
        let cache = TokenCache(folder: configuration.cache)
        if let data = try? TrainingData(resuming: manifest, cache: cache) { return data }
        let data = try TrainingData(
            configuration.data, tokenizer: tokenizer, cache: cache, heldOutShare: configuration.heldOutShare,
            brokenLinesMax: configuration.brokenLinesMax, on: pool, progress: progress)
        guard data.manifest.hash == manifest.hash else {
            throw .changed(
                what: "the text", path: configuration.data.map(\.path).joined(separator: ", "),
                expected: manifest.hash, actual: data.manifest.hash)
        }
        return data
    }

    private func resume(_ old: RunConfiguration) throws(TrainingError) {
        let store = folder.checkpoints
        let isLonger = configuration.schedule != old.schedule
        // A run that is made longer goes on from before its decay.
        let limit = isLonger && old.schedule.kind == .warmupStableDecay ? old.schedule.decayFrom : Int.max
        let newest = store.steps.first ?? 0
        var (checkpoint, rejected) = store.newest { $0.step <= limit }
        // Weights that have decayed are better than none.
        if checkpoint == nil, newest > limit { (checkpoint, rejected) = store.newest() }
        for rejected in rejected { note(.rejected(path: rejected.path, reason: rejected.reason)) }
        if let checkpoint {
            try check(checkpoint)
            try checkpoint.load(parameters: network.parameters, layout: network.layout, optimizer: optimizer)
            state = checkpoint.state
            guard configuration.steps >= state.step else {
                throw .invalidSetting(
                    name: "steps", expected: "at least \(state.step), which are done", actual: "\(configuration.steps)")
            }
        } else {
            startOver()
        }
        network.parametersChanged()
        state.schedule = configuration.schedule
        if newest > state.step {
            try store.setAside(after: state.step)
            if checkpoint != nil { try store.point(to: state.step) }
        }
        if configuration.steps != old.steps { note(.extended(from: state.step, steps: configuration.steps)) }
    }

    private func check(_ checkpoint: Checkpoint) throws(TrainingError) {
        let found = checkpoint.manifest.hashes
        for (what, expected, actual) in [
            ("the configuration", found.configuration, hashes.configuration),
            ("the tokenizer", found.tokenizer, hashes.tokenizer), ("the template", found.template, hashes.template),
            ("the text", found.data, hashes.data),
        ] where expected != actual {
            throw .changed(what: what, path: folder.path, expected: expected, actual: actual)
        }
    }
}
