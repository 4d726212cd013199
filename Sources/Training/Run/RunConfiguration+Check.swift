extension RunConfiguration {
    /// - Throws: `TrainingError.invalidSetting` naming the first setting that cannot be.
    package func check() throws(TrainingError) {
        func demand(
            _ name: String, _ isMet: Bool, _ expected: String, _ actual: some CustomStringConvertible
        ) throws(TrainingError) {
            guard isMet else { throw .invalidSetting(name: name, expected: expected, actual: "\(actual)") }
        }
        try demand("steps", (1...Self.stepsMax).contains(steps), "1…\(Self.stepsMax)", steps)
        try demand("seq", (2...Self.sequenceMax).contains(sequence), "2…\(Self.sequenceMax)", sequence)
        try demand("batch-tokens", (1...Self.rowsMax).contains(rows), "1…\(Self.rowsMax) rows", rows)
        try demand(
            "micro-rows", microRows >= 1 && rows % max(1, microRows) == 0, "a divisor of \(rows)", microRows)
        try demand("threads", (1...256).contains(threads), "1…256", threads)
        try demand(
            "learning-rate", schedule.peak > 0 && schedule.peak <= 10, "above 0, at most 10", schedule.peak)
        try demand("warmup", schedule.warmup >= 0, "0 or more", schedule.warmup)
        try demand("decay-from", schedule.decayFrom >= 0, "0 or more", schedule.decayFrom)
        try demand("decay-steps", schedule.decaySteps >= 0, "0 or more", schedule.decaySteps)
        try demand("clip", clip >= 0 && clip.isFinite, "0 or more", clip)
        try demand("weight-decay", (0...1).contains(optimizer.weightDecay), "0…1", optimizer.weightDecay)
        try demand("held-out", (0...0.5).contains(heldOutShare), "0…0.5", heldOutShare)
        try demand("broken-lines", brokenLinesMax >= 0, "0 or more", brokenLinesMax)
        try demand("save-every", saveEvery >= 1, "1 or more", saveEvery)
        try demand("log-every", logEvery >= 1, "1 or more", logEvery)
        try demand("keep", keep >= 2, "2 or more", keep)
        try demand("prompts", prompts.count <= Self.promptsMax, "at most \(Self.promptsMax)", prompts.count)
        try demand("base", (base != nil) == stage.isTuning, "a model to tune", base?.path ?? "none")
        try demand(
            "adapter", stage.hasAdapter.map { $0 == (adapter != nil) } ?? true, "one for lora", stage.rawValue)
        try objective?.check()
        try demand(
            "micro-rows", ![.dpo, .kto, .reward].contains(stage) || microRows >= 2 && rows == microRows,
            "2 or more, all rows of a step", microRows)
        try adapter?.check()
        try demand("panel-bytes", (panelBytesMax ?? 0) >= 0, "0 or more", panelBytesMax ?? 0)
        for (name, interval) in [
            ("validate-every", validateEvery), ("sample-every", sampleEvery), ("milestone-every", milestoneEvery),
        ] { try demand(name, interval >= 0, "0 or more", interval) }
    }

    static let stepsMax = 1 << 40
    static let sequenceMax = 1 << 20
    static let rowsMax = 1 << 20
    static let promptsMax = 100
}
