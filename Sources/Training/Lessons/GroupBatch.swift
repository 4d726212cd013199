/// A micro-batch in which documents that belong together stand together.
struct GroupBatch {
    struct Part: Equatable {
        var document: Int
        /// In the batch: row * sequence + position.
        var positions: Range<Int>
    }

    private(set) var batch: TrainingBatch
    private(set) var parts: [Part] = []
    /// Tokens of each row that are taken.
    private var filled: [Int]

    private init(rows: Int, sequence: Int) {
        batch = .empty(rows: rows, sequence: sequence)
        filled = Array(repeating: 0, count: rows)
    }

    /// Packs groups in their order, each whole, as many to a batch as fit.
    ///
    /// - Parameter groups: documents each.
    /// - Precondition: a group fits an empty batch; documents that do not fit a row are read to its end.
    static func pack(
        _ groups: [some Collection<Int>], of shard: TokenShard, rows: Int, sequence: Int
    ) -> [GroupBatch] {
        var batches: [GroupBatch] = []
        var current = GroupBatch(rows: rows, sequence: sequence)
        for group in groups {
            if current.add(group, of: shard) { continue }
            batches.append(current)
            current = GroupBatch(rows: rows, sequence: sequence)
            let fits = current.add(group, of: shard)
            precondition(fits, "\(group.count) documents in \(rows) rows")
        }
        return current.parts.isEmpty ? batches : batches + [current]
    }

    /// Each document goes to the first row that has room; all of them or none.
    private mutating func add(_ group: some Collection<Int>, of shard: TokenShard) -> Bool {
        var after = filled
        var places: [(document: Int, row: Int, position: Int, count: Int)] = []
        for document in group {
            let count = min(batch.sequence, max(1, shard.document(document).tokens - 1))
            guard let row = after.firstIndex(where: { $0 + count <= batch.sequence }) else { return false }
            places.append((document, row, after[row], count))
            after[row] += count
        }
        for place in places {
            let piece = Piece(source: 0, document: place.document, start: 0, count: place.count)
            batch.place(.init(piece: piece, position: place.position), row: place.row, of: shard)
            let start = place.row * batch.sequence + place.position
            parts.append(Part(document: place.document, positions: start..<start + place.count))
        }
        filled = after
        return true
    }

    /// Nats of each part, from those of each position.
    func sums(_ losses: [Float]) -> [Double] {
        parts.map { part in losses[part.positions].reduce(0) { $0 + Double($1) } }
    }

    /// Each part's weight at its positions.
    func spread(_ weights: [Double]) -> [Float] {
        var result = [Float](repeating: 0, count: batch.targets.count)
        for (part, weight) in zip(parts, weights) {
            for position in part.positions { result[position] = Float(weight) }
        }
        return result
    }

    func targets(_ part: Part) -> Int { batch.targets[part.positions].count { $0 >= 0 } }
}
