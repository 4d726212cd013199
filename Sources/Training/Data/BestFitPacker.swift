/// Fills rows with pieces of documents, wasting little and cutting only what is longer than a row.
///
/// The oldest piece begins a row, so that none waits for ever; those that fill the rest most nearly go in with it. Of
/// several ways the one with the oldest pieces is taken, so that the result depends on the pieces and nothing else.
/// (The longest that fits, again and again, left 9 % of rows of 512 empty on examples of 200 tokens: docs/LOG.md.)
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
        guard let oldest = buffer.first else { return [] }
        let places = [0] + filling(room: sequence - oldest.count)
        var row: [Placed] = []
        var position = 0
        for place in places {
            row.append(Placed(piece: buffer[place], position: position))
            position += buffer[place].count
        }
        for place in places.reversed() { buffer.remove(at: place) }
        return row
    }

    /// The places, ascending, of pieces after the oldest whose sum comes nearest to `room` from below.
    ///
    /// Bit n of `sums` says that n can be reached; `before` keeps it as it was before each piece, to walk back by.
    private func filling(room: Int) -> [Int] {
        guard room > 0 else { return [] }
        let words = room / 64 + 1
        var sums = [UInt64](repeating: 0, count: words)
        sums[0] = 1
        var before: [[UInt64]] = []
        var candidates: [Int] = []
        for place in buffer.indices.dropFirst() where buffer[place].count <= room {
            before.append(sums)
            candidates.append(place)
            Self.add(buffer[place].count, to: &sums)
            if Self.has(room, sums) { break }
        }
        var left = (0...room).last { Self.has($0, sums) } ?? 0
        var found: [Int] = []
        for (place, earlier) in zip(candidates, before).reversed() where left > 0 && !Self.has(left, earlier) {
            found.append(place)
            left -= buffer[place].count
        }
        return found.reversed()
    }

    private static func has(_ sum: Int, _ sums: [UInt64]) -> Bool { sums[sum / 64] >> UInt64(sum % 64) & 1 == 1 }

    /// Each sum that can be reached, with `count` more.
    private static func add(_ count: Int, to sums: inout [UInt64]) {
        let (words, bits) = (count / 64, UInt64(count % 64))
        for index in stride(from: sums.count - 1, through: words, by: -1) {
            var moved = sums[index - words] << bits
            if bits > 0, index > words { moved |= sums[index - words - 1] >> (64 - bits) }
            sums[index] |= moved
        }
    }
}
