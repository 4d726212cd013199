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
        // Of the rows that were made before this step.
        let rows = cursor.rows
        var stream = DataStream(
            sources: sources, sequence: configuration.sequence, seed: configuration.seed, cursor: cursor)
        let batches = (0..<configuration.microBatches).map { _ in stream.next(rows: configuration.microRows) }
        cursor = stream.cursor
        let targets = batches.reduce(0) { $0 + $1.targetCount }
        var (loss, empty) = (LossSum(), 0)
        for (index, batch) in batches.enumerated() where index % step.reduction.ranks == step.reduction.rank {
            guard batch.targetCount > 0 else {
                empty += 1
                continue
            }
            let noise = Hashing.mix(configuration.seed, UInt64(rows), UInt64(index))
            loss += step.network.forwardBackward(
                batch, scale: 1 / Float(targets), noise: noise, unless: step.stop)
            if step.stop.isStopping { return nil }
        }
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
