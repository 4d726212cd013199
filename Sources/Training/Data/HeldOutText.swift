import Corpus

/// Documents that are never trained on, packed once: losses on them are shown by language, in bits per byte.
package struct HeldOutText: Sendable {
    package struct Part: Sendable, Equatable {
        /// In `batch` positions: row * sequence + position.
        package var positions: Range<Int>
        package var language: TextLanguage
    }

    package struct Batch: Sendable {
        package var batch: TrainingBatch
        package var parts: [Part]
    }

    /// All of the same number of rows; the last may have empty ones.
    package let batches: [Batch]
    /// Bytes of UTF-8 that the predicted tokens stand for.
    package let bytes: [TextLanguage: Int]
    package let documents: [TextLanguage: Int]

    /// - Parameter tokensMax: of each language; whole documents, those of the smallest hashes.
    package init(sources: [TokenSource], sequence: Int, rows: Int, tokensMax: Int) {
        var packer = BestFitPacker(sequence: sequence)
        var tokens: [TextLanguage: Int] = [:]
        var bytes: [TextLanguage: Int] = [:]
        var documents: [TextLanguage: Int] = [:]
        for (number, source) in sources.enumerated() {
            // Each source gives its share, or the first would give everything.
            let limit = tokensMax / sources.count
            var taken: [TextLanguage: Int] = [:]
            for index in source.heldOut {
                let document = source.shard.document(Int(index))
                let count = document.tokens
                guard taken[document.language, default: 0] + count <= limit else { continue }
                packer.add(source: number, document: Int(index), tokens: count)
                taken[document.language, default: 0] += count
                tokens[document.language, default: 0] += count
                bytes[document.language, default: 0] += document.scoredBytes
                documents[document.language, default: 0] += 1
            }
        }
        self.bytes = bytes
        self.documents = documents
        var batches: [Batch] = []
        while !packer.buffer.isEmpty {
            var batch = Batch(batch: .empty(rows: rows, sequence: sequence), parts: [])
            for row in 0..<rows {
                for placed in packer.row() {
                    let shard = sources[placed.piece.source].shard
                    batch.batch.place(placed, row: row, of: shard)
                    let start = row * sequence + placed.position
                    batch.parts.append(
                        Part(
                            positions: start..<start + placed.piece.count,
                            language: shard.document(placed.piece.document).language))
                }
            }
            batches.append(batch)
        }
        self.batches = batches
    }

    var isEmpty: Bool { batches.isEmpty }
}
