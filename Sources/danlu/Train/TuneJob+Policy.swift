import ArgumentParser
import Assistant
import Training
import Tuning

extension TuneJob {
    /// What GRPO is told where nothing is said.
    private enum Defaults {
        static let epochs = 1.0
        static let heldOut = 0.1
        static let learningRates = (whole: 2e-6, adapter: 5e-5)
        /// Rows are so many tokens at least, and whole blocks.
        static let sequenceMin = 64
        static let sequenceBlock = 32
    }

    /// Learns from answers to tasks.
    func runPolicy() throws {
        guard !data.data.isEmpty else { throw ValidationError("--data") }
        let runFolder = RunFolder(path: folder.folder ?? RunsHome.newRun(size: RunStage.grpo.rawValue))
        guard !runFolder.exists else { throw TrainingError.runExists(path: runFolder.path) }
        let base = try BaseReference(path: Self.path(data.model))
        let model = try base.open(verifies: false).configuration
        let text = try TuningText(base)
        let answerTokens = settings.objective.answerTokensMax ?? ObjectiveSettings.answerTokensMax
        // A row has the prompt and all tokens of the answer but the last, which is a target only.
        let longest = settings.sequence(model) + 1
        guard answerTokens < longest else {
            throw TrainingError.invalidSetting(
                name: "max-tokens", expected: "fewer than --seq, \(longest - 1)", actual: "\(answerTokens)")
        }
        let tasks = try TaskExamples(
            data.data, text, promptLimit: longest - answerTokens, skipsBroken: data.skipBroken)
        let configuration = try configuration(base, tasks, answerTokens)
        try runFolder.keep(tasks: tasks.file.bytes)
        try TrainingSession(json: folder.json, threads: configuration.threads).run { pool, _, report in
            let trainer = try Trainer(
                beginning: runFolder, configuration, tuningWith: tasks.input, pool: pool, lessons: Lessons.make,
                report: report)
            RunsHome.remember(runFolder)
            return trainer
        }
    }

    private func configuration(
        _ base: BaseReference, _ tasks: TaskExamples, _ answerTokens: Int
    ) throws -> RunConfiguration {
        var settings = settings
        let rates = Defaults.learningRates
        let heldOut = settings.common.heldOut ?? Defaults.heldOut
        let needed = tasks.promptTokensMax + answerTokens - 1
        let perStep = Double(max(1, settings.objective.groupsPerStep ?? ObjectiveSettings.tasksPerStep))
        let epochs = settings.epochs ?? Defaults.epochs
        let count = Double(tasks.input.examples.groups) * (1 - heldOut)
        settings.common.heldOut = heldOut
        settings.common.steps = settings.common.steps ?? max(1, Int((epochs * count / perStep).rounded(.up)))
        settings.common.learningRate =
            settings.common.learningRate ?? (settings.adapter == nil ? rates.whole : rates.adapter)
        settings.common.seq =
            settings.common.seq
            ?? max(
                Defaults.sequenceMin,
                (needed + Defaults.sequenceBlock - 1) / Defaults.sequenceBlock * Defaults.sequenceBlock)
        settings.objective.tasksHash = RunFolder.hash(tasks: tasks.file.bytes)
        var configuration = try settings.resolved(
            base: base, model: base.open(verifies: false).configuration, data: data.data,
            examples: tasks.input.examples, threads: Processors.threads)
        // Rewards of a few tasks are unlike those of others: that alone is no reason to skip a step.
        configuration.guards.deviationsMax = settings.common.guards?.deviationsMax ?? 0
        return configuration
    }
}
