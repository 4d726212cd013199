extension Trainer {
    /// Begins to save; a failure is told and does not end the run, for the disk may have room the next time.
    func save(isRegular: Bool) {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try writer.begin(
                CheckpointWriter.Content(
                    state: state, hashes: hashes, isRegular: isRegular, isMilestone: isRegular && isMilestone),
                parameters: network.parameters, layout: network.layout, optimizer: optimizer)
        } catch {
            savingError = error
            note(.saveFailed(step: state.step, reason: "\(error)"))
        }
        state.statistics.savingSeconds += start.duration(to: clock.now) / .seconds(1)
        log.sync()
    }

    /// Tells what became of checkpoints.
    func collectSaves() {
        for outcome in writer.finished() {
            savingError = outcome.error
            if let error = outcome.error {
                note(.saveFailed(step: outcome.step, reason: "\(error)"))
            } else {
                note(
                    .saved(
                        step: outcome.step, bytes: outcome.bytes, seconds: outcome.seconds,
                        waitedSeconds: outcome.waitedSeconds))
            }
        }
    }

    /// Saves where the run stands, if that is not saved yet, and waits for it.
    ///
    /// - Throws: `TrainingError` when it could not be written.
    func finishSaving() throws(TrainingError) {
        writer.wait()
        collectSaves()
        if folder.checkpoints.latest != state.step || savingError != nil {
            save(isRegular: isDue(configuration.saveEvery) || isMilestone)
            writer.wait()
            collectSaves()
        }
        if let savingError { throw savingError }
    }
}
