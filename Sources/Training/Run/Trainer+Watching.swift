import Foundation

extension Trainer {
    /// Validates and draws samples where that is due. What a request to stop cuts short is made up for when the run
    /// goes on: curves have no holes.
    func watch(_ stop: StopRequest) throws(TrainingError) {
        func isDue(_ interval: Int) -> Bool {
            interval > 0 && (state.step % interval == 0 || state.step == configuration.steps)
        }
        let isValidated = isDue(configuration.validateEvery)
        let isSampled = isDue(configuration.sampleEvery)
        if isValidated { try validate(stop) }
        if isSampled { sample(stop) }
        state.isUnwatched = (isValidated || isSampled) && stop.isStopping ? true : nil
    }

    private func validate(_ stop: StopRequest) throws(TrainingError) {
        let clock = ContinuousClock()
        let start = clock.now
        guard var validation = try lesson.validate(lessonStep(stop)), !stop.isStopping else { return }
        validation.seconds = start.duration(to: clock.now) / .seconds(1)
        note(.validation(validation))
    }

    /// Continues each prompt, always with the same random numbers: samples over time differ by the weights alone.
    private func sample(_ stop: StopRequest) {
        guard let tokenizer else { return }
        for (number, prompt) in configuration.prompts.enumerated() {
            let generator = SampleGenerator(
                tokenizer: tokenizer, contextTokens: configuration.sequence,
                seed: Hashing.mix(configuration.seed, UInt64(number)))
            let text = generator.text(prompt, tokens: configuration.sampleTokens) { ids in
                stop.isStopping ? nil : network.logits(ids, unless: stop)
            }
            if stop.isStopping { return }
            note(.sample(step: state.step, prompt: prompt, text: text))
        }
    }
}
