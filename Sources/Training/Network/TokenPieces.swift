/// How tokens are shared out in pieces whose products fill the kernels' tiles.
package enum TokenPieces {
    /// Rows of the widest kernels' tile; the narrower ones' divide it.
    package static let tileRows = 12

    /// Tokens of a piece, at most `max`, with which the worker that has most to do has least.
    ///
    /// Rows beyond whole tiles cost more than their share: 512 tokens for two workers are faster in six pieces of 84
    /// and one of 8 than in five of 88 and one of 72.
    ///
    /// - Parameter max: a multiple of `tileRows`.
    package static func balanced(_ count: Int, threads: Int, max most: Int) -> Int {
        let sizes = stride(from: most, through: tileRows, by: -tileRows)
        return sizes.min { longest(count, piece: $0, threads) < longest(count, piece: $1, threads) } ?? most
    }

    /// Time of the worker that has most to do, in rows of whole tiles: pieces go to whoever is free.
    private static func longest(_ count: Int, piece: Int, _ threads: Int) -> Double {
        let whole = count / piece
        let rounds = whole / threads
        let busy = whole % threads
        let each = Double(piece) + pieceCost
        let last = count % piece
        let tail = last == 0 ? 0 : cost(rows: last) + pieceCost
        // The remainder goes to a worker that has nothing left, if there is one.
        let longest = Double(rounds + (busy > 0 ? 1 : 0)) * each
        return Swift.max(longest, Double(rounds) * each + tail)
    }

    private static func cost(rows: Int) -> Double {
        let rest = rows % tileRows
        // Few sums at once wait for each other.
        return Double(rows - rest) + (rest == 0 ? 0 : Swift.max(Double(rest) * 1.2, 6))
    }

    /// Of beginning one: weights are read once a piece.
    private static let pieceCost = 1.0
}
