/// How full rows become when documents of these lengths are packed as a run packs them.
///
///     PackingEstimate(tokens: lengths, sequence: 1024, seed: 1).usefulShare       // 0.98
package struct PackingEstimate: Sendable, Equatable {
    package let rows: Int
    /// Positions that hold a token of a document; the others are padding.
    package let usefulTokens: Int
    package let sequence: Int

    package var usefulShare: Double { rows == 0 ? 0 : Double(usefulTokens) / Double(rows * sequence) }

    /// - Parameter tokens: of each document, at most `sequence` + 1: none is split.
    package init(tokens: [Int], sequence: Int, seed: UInt64) {
        // Fewer teach nothing and fill nothing.
        let tokens = tokens.filter { $0 > 1 }
        self.sequence = sequence
        var packer = BestFitPacker(sequence: sequence)
        var (rows, useful) = (0, 0)
        let order = Permutation(count: tokens.count, key: Hashing.mix(seed))
        let waiting = DataStream.bufferPieces(documents: tokens.count)
        var taken = 0
        // One epoch; a run goes on with the next, so the last rows are full too.
        while taken < tokens.count {
            while packer.buffer.count < waiting {
                packer.add(source: 0, document: taken, tokens: tokens[order[taken % tokens.count]])
                taken += 1
            }
            useful += packer.row().reduce(0) { $0 + $1.piece.count }
            rows += 1
        }
        self.rows = rows
        usefulTokens = useful
    }
}
