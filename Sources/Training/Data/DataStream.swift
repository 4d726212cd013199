/// Batches without end from several sources.
///
///     var stream = DataStream(sources: sources, sequence: 512, seed: 1)
///     let batch = stream.next(rows: 8)
///     stream.cursor                       // go on from here later, exactly
package struct DataStream: Sendable {
    package let sources: [TokenSource]
    let sequence: Int
    let seed: UInt64
    package private(set) var cursor: DataCursor
    /// Pieces that wait before a row is filled: enough that one fits nearly any gap.
    private let bufferPieces: Int
    private static let bufferPiecesMax = 512

    /// - Precondition: each source has documents to train on; the cursor is of these sources.
    package init(sources: [TokenSource], sequence: Int, seed: UInt64, cursor: DataCursor? = nil) {
        precondition(!sources.isEmpty && sources.allSatisfy { !$0.training.isEmpty }, "sources have documents")
        self.sources = sources
        self.sequence = sequence
        self.seed = seed
        self.cursor = cursor ?? DataCursor(sources: sources.count)
        precondition(self.cursor.sources.count == sources.count, "a cursor of other sources")
        bufferPieces = Self.bufferPieces(documents: sources.reduce(0) { $0 + $1.training.count })
    }

    /// A small corpus must not be read many times ahead.
    static func bufferPieces(documents: Int) -> Int { min(bufferPiecesMax, max(16, documents / 8)) }

    /// The next rows, all of them filled as far as pieces fit.
    package mutating func next(rows: Int) -> TrainingBatch { nextPlaced(rows: rows).batch }

    /// The next rows, and the pieces in them, row by row from left to right.
    mutating func nextPlaced(rows: Int) -> (batch: TrainingBatch, pieces: [Piece]) {
        var pieces: [Piece] = []
        var batch = TrainingBatch.empty(rows: rows, sequence: sequence)
        var packer = BestFitPacker(sequence: sequence, buffer: cursor.buffer)
        for row in 0..<rows {
            while packer.buffer.count < bufferPieces { takeDocument(&packer) }
            for placed in packer.row() {
                pieces.append(placed.piece)
                cursor.targets += batch.place(placed, row: row, of: sources[placed.piece.source].shard)
            }
        }
        cursor.rows += rows
        cursor.buffer = packer.buffer
        return (batch, pieces)
    }

    /// Of the source that is furthest behind its weight.
    private mutating func takeDocument(_ packer: inout BestFitPacker) {
        var chosen = 0
        for index in sources.indices.dropFirst() where lag(index) < lag(chosen) { chosen = index }
        let (document, tokens) = sources[chosen].next(&cursor.sources[chosen], seed: seed, source: chosen)
        packer.add(source: chosen, document: document, tokens: tokens)
    }

    private func lag(_ index: Int) -> Double { Double(cursor.sources[index].tokens) / sources[index].weight }
}
