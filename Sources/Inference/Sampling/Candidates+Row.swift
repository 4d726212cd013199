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

    /// The candidates out of a whole row of probabilities, without looking closely at the unlikely ones.
    ///
    /// The threshold starts at a share of the best probability and falls until what is needed is above it. Models are
    /// sure of themselves most of the time, so the first or second pass is usually the last.
    ///
    /// - Parameter keys: memory to work in.
    package init(probabilities: Matrix, keeping need: Need, keys: inout [UInt64]) {
        self = probabilities.withRow(0) { row in
            let best = row[Row.argmax(row)]
            let total: Double = if case .mass = need { Row.sum(row) } else { 0 }
            var threshold = best / 64
            let floor: Float
            switch need {
            case .count: floor = 0
            // All tokens below this together are less than what the nucleus may leave out.
            case .mass(let share): floor = max(0, 1 - share) * Float(total) / Float(row.count)
            case .share(let share):
                floor = share * best
                threshold = floor
            case .everything:
                floor = 0
                threshold = 0
            }
            while true {
                keys.removeAll(keepingCapacity: true)
                let mass = Row.collect(row, threshold: threshold, into: &keys)
                let isEnough =
                    switch need {
                    case .count(let count): keys.count >= count
                    case .mass(let share): mass >= Double(share) * total
                    case .share, .everything: true
                    }
                if isEnough || threshold <= floor { break }
                threshold = threshold / 32 > max(floor, 1e-30) ? threshold / 32 : floor
            }
            var candidates = Candidates(keys: keys)
            if case .count(let count) = need { TopK.apply(count, to: &candidates) }
            if case .mass(let share) = need { TopP.apply(share, to: &candidates, mass: total) }
            return candidates
        }
    }
}
