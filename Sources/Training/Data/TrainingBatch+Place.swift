extension TrainingBatch {
    /// Rows that teach nothing: every position is a document of its own.
    static func empty(rows: Int, sequence: Int) -> TrainingBatch {
        let count = rows * sequence
        return TrainingBatch(
            rows: rows, sequence: sequence, tokens: Array(repeating: 0, count: count),
            targets: Array(repeating: -1, count: count), documents: (0..<count).map { Int32($0 % sequence) })
    }

    /// Writes a piece into its row.
    ///
    /// - Returns: how many targets it has.
    @discardableResult
    mutating func place(_ placed: BestFitPacker.Placed, row: Int, of shard: TokenShard) -> Int {
        let piece = placed.piece
        let first = shard.document(piece.document).offset + piece.start
        let start = row * sequence + placed.position
        var token = shard.token(at: first)
        var count = 0
        for offset in 0..<piece.count {
            let next = shard.token(at: first + offset + 1)
            tokens[start + offset] = token
            let isLearnt = shard.isLearnt(at: first + offset + 1)
            targets[start + offset] = isLearnt ? next : -1
            count += isLearnt ? 1 : 0
            documents[start + offset] = Int32(placed.position)
            token = next
        }
        return count
    }
}
