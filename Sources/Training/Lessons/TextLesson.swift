import Corpus
import Kernels

/// The next token of texts, or of what examples mark: pretraining and supervised tuning.
final class TextLesson: Lesson {
    private let sources: [TokenSource]
    private let configuration: RunConfiguration
    private let pool: WorkerPool
    private let heldOut: HeldOutText

    init(_ context: LessonContext) {
        sources = context.data.sources
        configuration = context.configuration
        pool = context.pool
        heldOut = HeldOutText(
            sources: sources, sequence: configuration.sequence, rows: configuration.microRows,
            tokensMax: configuration.validationTokens)
    }

    var heldOutCount: Int { heldOut.documents.values.reduce(0, +) }

    func learn(_ step: LessonStep, _ cursor: inout DataCursor) -> LessonResult? {
        let batches = StepBatches(sources, configuration, &cursor)
        var loss = LossSum()
        let empty = batches.forEach(step) { batch, _, noise in
            loss += step.network.forwardBackward(
                batch, scale: 1 / Float(batches.targets), noise: noise, unless: step.stop)
        }
        guard let empty else { return nil }
        return LessonResult(
            loss: loss.targets > 0 ? loss.mean : 0, targets: loss.targets, emptyMicroBatches: empty)
    }

    /// Losses on the text that is held out, by language.
    func validate(_ step: LessonStep) -> RunEvent.Validation? {
        guard !heldOut.isEmpty else { return nil }
        var tally = LanguageLosses()
        for batch in heldOut.batches {
            let losses = step.network.losses(batch.batch, unless: step.stop)
            if step.stop.isStopping { return nil }
            for part in batch.parts {
                tally.add(losses[part.positions], batch.batch.targets[part.positions], part.language)
            }
        }
        return tally.validation(step: step.step, bytes: heldOut.bytes)
    }
}
