extension Trainer {
    /// One step: forward and backward over its micro-batches, judgement, update.
    ///
    /// - Returns: false when a request to stop came meanwhile; nothing has changed then.
    func advance(_ stop: StopRequest) throws(TrainingError) -> Bool {
        let clock = ContinuousClock()
        let start = clock.now
        var cursor = state.cursor
        Gradients.zero(network.gradients, pool: pool)
        guard let result = try lesson.learn(lessonStep(stop), &cursor), !stop.isStopping else { return false }
        do { try reduction.sum(network.gradients) } catch {
            throw .file(operation: "sum the gradients of", path: folder.path, reason: "\(error)")
        }
        for _ in 0..<result.emptyMicroBatches { state.guards.passOverMicroBatch() }
        let norm = Gradients.norm(network.gradients, pool: pool)
        state.cursor = cursor
        state.step += 1
        let mean = result.loss
        switch state.guards.judge(loss: mean, gradientNorm: norm, targets: result.targets) {
        case .train:
            let rate = update(norm: norm)
            let seconds = start.duration(to: clock.now) / .seconds(1)
            state.statistics.seconds += seconds
            state.statistics.add(loss: mean, tokens: result.targets)
            guard isDue(configuration.logEvery) || state.step == configuration.steps else { break }
            note(
                .step(
                    RunEvent.Step(
                        step: state.step, loss: mean, tokens: state.statistics.tokens,
                        tokensPerSecond: Double(result.targets) / max(seconds, 1e-9), learningRate: rate,
                        gradientNorm: norm, seconds: state.statistics.seconds, measures: result.measures)))
        case .skip(let reason):
            note(.skipped(step: state.step, reason: reason.description, loss: mean, gradientNorm: norm))
        case .rollBack(let reason):
            note(.skipped(step: state.step, reason: reason.description, loss: mean, gradientNorm: norm))
            try rollBack(reason.description)
        case .giveUp(let reason): throw .diverged(step: state.step, reason: reason.description)
        }
        return true
    }

    /// - Returns: the learning rate.
    private func update(norm: Double) -> Double {
        let rate = state.schedule.learningRate(step: state.step - 1)
        let clip = configuration.clip
        state.updates += 1
        optimizer.step(
            parameters: network.parameters, gradients: network.gradients, learningRate: Float(rate),
            step: state.updates, gradientScale: clip > 0 && norm > clip ? Float(clip / norm) : 1)
        network.parametersChanged()
        return rate
    }

    /// Back to the last good checkpoint that an uninterrupted run has too, or to the beginning. The data goes on, so
    /// that the same rows are not met again.
    private func rollBack(_ reason: String) throws(TrainingError) {
        writer.wait()
        collectSaves()
        let from = state.step
        let store = folder.checkpoints
        let (checkpoint, rejected) = store.newest { $0.isRegular && $0.isGood && $0.step < from }
        for rejected in rejected { note(.rejected(path: rejected.path, reason: rejected.reason)) }
        if let checkpoint {
            try checkpoint.load(parameters: network.parameters, layout: network.layout, optimizer: optimizer)
            state.updates = checkpoint.state.updates
            state.step = checkpoint.state.step
        } else {
            startOver()
        }
        network.parametersChanged()
        state.guards.rolledBack()
        for later in store.steps where later > state.step { Files.remove(store.path(later)) }
        if checkpoint != nil { try store.point(to: state.step) }
        note(.rolledBack(from: from, to: state.step, reason: reason))
    }

    /// Weights and optimiser as they were before the first step.
    func startOver() {
        network.initialize(seed: configuration.seed)
        for (_, buffer) in optimizer.state {
            buffer.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        }
        network.parametersChanged()
        (state.step, state.updates) = (0, 0)
    }
}
