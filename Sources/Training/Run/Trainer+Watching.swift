import Corpus
import Foundation

extension Trainer {
    /// Validates and draws samples where that is due. What a request to stop cuts short is made up for when the run
    /// goes on: curves have no holes.
    func watch(_ stop: StopRequest) {
        func isDue(_ interval: Int) -> Bool {
            interval > 0 && (state.step % interval == 0 || state.step == configuration.steps)
        }
        let isValidated = isDue(configuration.validateEvery)
        let isSampled = isDue(configuration.sampleEvery)
        if isValidated { validate(stop) }
        if isSampled { sample(stop) }
        state.isUnwatched = (isValidated || isSampled) && stop.isStopping ? true : nil
    }

    /// Losses on the text that is held out, by language.
    private func validate(_ stop: StopRequest) {
        guard !heldOut.isEmpty else { return }
        let clock = ContinuousClock()
        let start = clock.now
        var nats: [TextLanguage: Double] = [:]
        var targets: [TextLanguage: Int] = [:]
        for batch in heldOut.batches {
            let losses = network.losses(batch.batch, unless: stop)
            if stop.isStopping { return }
            for part in batch.parts {
                nats[part.language, default: 0] += losses[part.positions].reduce(0) { $0 + Double($1) }
                targets[part.language, default: 0] += batch.batch.targets[part.positions].count { $0 >= 0 }
            }
        }
        var validation = RunEvent.Validation(step: state.step, bitsPerByte: [:], loss: [:], seconds: 0)
        func add(_ name: String, _ nats: Double, _ targets: Int, _ bytes: Int) {
            guard targets > 0, bytes > 0 else { return }
            validation.loss[name] = nats / Double(targets)
            validation.bitsPerByte[name] = nats / Double(bytes) / 0.693_147_180_559_945_3
        }
        for language in TextLanguage.allCases {
            add(language.code, nats[language] ?? 0, targets[language] ?? 0, heldOut.bytes[language] ?? 0)
        }
        // In one fixed order: sums of floats depend on it.
        let all = TextLanguage.allCases.reduce(0) { $0 + (nats[$1] ?? 0) }
        add("all", all, targets.values.reduce(0, +), heldOut.bytes.values.reduce(0, +))
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
