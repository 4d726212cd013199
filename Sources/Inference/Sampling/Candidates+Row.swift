import Kernels

extension Candidates {
    /// What must be among the candidates; more may be.
    package enum Need: Sendable {
        /// The so many most probable tokens.
        case count(Int)
        /// The nucleus of this share of the probability.
        case mass(Float)
        /// Tokens with this share of the best one's probability.
        case share(Float)
        case everything
    }

    /// The candidates out of a row of probabilities; what is needed and no more, but for `everything`.
    ///
    /// A threshold is looked for that leaves little more than what is needed, by passes that only count. Models are
    /// sure of themselves most of the time: then few are left, and there is little to select from.
    package init(probabilities: Matrix, keeping need: Need) {
        self = probabilities.withRow(0) { row in
            let best = row[Row.argmax(row)]
            switch need {
            case .count(let count):
                var candidates = Candidates(row, below: best) { found, _ in found >= count }
                TopK.apply(count, to: &candidates)
                return candidates
            case .mass(let share):
                let total = Row.sum(row)
                var candidates = Candidates(row, below: best) { _, mass in mass >= Double(share) * total }
                TopP.apply(share, to: &candidates, mass: total)
                return candidates
            case .share(let share): return Candidates(row, threshold: min(1, share) * best)
            case .everything: return Candidates(row, threshold: 0)
            }
        }
    }

    private init(_ row: UnsafeMutableBufferPointer<Float>, threshold: Float) {
        keys = Row.keys(row, threshold: threshold, count: Row.measure(row, threshold: threshold).count)
    }

    private static let probabilityMin: Float = 1e-30
    /// So many are selected from in less time than a pass over the row takes.
    private static let fewMax = 2048

    /// The candidates above a threshold that leaves enough of them, by number or by mass, and not many more.
    private init(
        _ row: UnsafeMutableBufferPointer<Float>, below best: Float, isEnough: (_ count: Int, _ mass: Double) -> Bool
    ) {
        var (low, high) = (best / 4, best)
        var found = Row.measure(row, threshold: low)
        while !isEnough(found.count, found.mass), low > 0 {
            (low, high) = (low > Self.probabilityMin ? low / 8 : 0, low)
            found = Row.measure(row, threshold: low)
        }
        // Halving the distance, in the logarithm, until there are few or at most some tenths too many.
        while found.count > Self.fewMax, low > 0, high / low > 1.4 {
            let middle = (low * high).squareRoot()
            let fewer = Row.measure(row, threshold: middle)
            if isEnough(fewer.count, fewer.mass) { (low, found) = (middle, fewer) } else { high = middle }
        }
        keys = Row.keys(row, threshold: low, count: found.count)
    }
}
