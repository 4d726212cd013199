/// Fills rows with pieces of documents, wasting little and cutting only what is longer than a row.
///
/// The oldest piece begins a row, so that none waits for ever; then, again and again, the longest that still fits goes
/// in. Of equals the oldest comes first, so that the result depends on the pieces and nothing else.
package struct BestFitPacker {
    /// Tokens of a row.
    package let sequence: Int
    /// Pieces that wait, oldest first.
    package private(set) var buffer: [Piece]

    /// A piece in a row, and where it begins there.
    package struct Placed: Equatable {
        package var piece: Piece
        package var position: Int
    }

    package init(sequence: Int, buffer: [Piece] = []) {
        precondition(sequence > 0 && buffer.allSatisfy { (1...sequence).contains($0.count) }, "pieces fit a row")
        self.sequence = sequence
        self.buffer = buffer
    }

    /// Cuts a document into pieces and lets them wait.
    ///
    /// - Parameter tokens: of the document; one that has fewer than two teaches nothing.
    package mutating func add(source: Int, document: Int, tokens: Int) {
        for start in stride(from: 0, to: max(0, tokens - 1), by: sequence) {
            let count = min(sequence, tokens - 1 - start)
            buffer.append(Piece(source: source, document: document, start: start, count: count))
        }
    }

    /// The next row's pieces from left to right; empty when none waits.
    package mutating func row() -> [Placed] {
        var row: [Placed] = []
        var position = 0
        while let place = row.isEmpty ? buffer.indices.first : best(room: sequence - position) {
            let piece = buffer.remove(at: place)
            row.append(Placed(piece: piece, position: position))
            position += piece.count
        }
        return row
    }

    private func best(room: Int) -> Int? {
        guard room > 0 else { return nil }
        var best: Int?
        for (place, piece) in buffer.enumerated() where piece.count <= room {
            if best.map({ piece.count > buffer[$0].count }) ?? true { best = place }
            if piece.count == room { break }
        }
        return best
    }
}
