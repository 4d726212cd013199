extension TrainingBatch {
    /// Rows that teach nothing: every position is a document of its own.
    static func empty(rows: Int, sequence: Int) -> TrainingBatch {
        let count = rows * sequence
        return TrainingBatch(
            rows: rows, sequence: sequence, tokens: Array(repeating: 0, count: count),
            targets: Array(repeating: -1, count: count), documents: (0..<count).map { Int32($0 % sequence) })
    }

    /// Writes a piece into its row.
    mutating func place(_ placed: BestFitPacker.Placed, row: Int, of shard: TokenShard) {
        let piece = placed.piece
        let first = shard.document(piece.document).offset + piece.start
        let start = row * sequence + placed.position
        var token = shard.token(at: first)
        for offset in 0..<piece.count {
            let next = shard.token(at: first + offset + 1)
            tokens[start + offset] = token
            targets[start + offset] = next
            documents[start + offset] = Int32(placed.position)
            token = next
        }
    }
}
