import Corpus

/// A step's micro-batches of the next rows: what lessons about single texts have in common.
struct StepBatches {
    private let batches: [(batch: TrainingBatch, pieces: [Piece])]
    /// Rows that were made before this step.
    private let rows: Int
    private let seed: UInt64
    /// Of all of them.
    let targets: Int

    /// Moves the cursor on.
    init(_ sources: [TokenSource], _ configuration: RunConfiguration, _ cursor: inout DataCursor) {
        (rows, seed) = (cursor.rows, configuration.seed)
        var stream = DataStream(
            sources: sources, sequence: configuration.sequence, seed: configuration.seed, cursor: cursor)
        batches = (0..<configuration.microBatches).map { _ in stream.nextPlaced(rows: configuration.microRows) }
        cursor = stream.cursor
        targets = batches.reduce(0) { $0 + $1.batch.targetCount }
    }

    /// Calls `body` for each of this rank's that has targets.
    ///
    /// - Parameter body: also takes the pieces in the batch, and the key of its dropout.
    /// - Returns: how many had none; nil when a request to stop came.
    func forEach(
        _ step: LessonStep, _ body: (_ batch: TrainingBatch, _ pieces: [Piece], _ noise: UInt64) -> Void
    ) -> Int? {
        var empty = 0
        for (index, item) in batches.enumerated() where index % step.reduction.ranks == step.reduction.rank {
            guard item.batch.targetCount > 0 else {
                empty += 1
                continue
            }
            body(item.batch, item.pieces, Hashing.mix(seed, UInt64(rows), UInt64(index)))
            if step.stop.isStopping { return nil }
        }
        return empty
    }
}
