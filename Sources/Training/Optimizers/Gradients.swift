import Kernels

/// What is done with all gradients at once.
package enum Gradients {
    /// Numbers of one piece of work.
    static let pieceNumbers = 1 << 16

    /// √Σ g², summed in double in one fixed order; NaN or infinite when a gradient is.
    package static func norm(_ gradients: FloatBuffer, pool: WorkerPool) -> Double {
        let pieces = pieces(gradients.count)
        let sums = withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, pieces)) { sums in
            let base = sums
            pool.forEach(count: pieces) { piece, _ in
                base[piece] = OptimizerOperations.sumOfSquares(gradients, range(piece, gradients.count))
            }
            return base[0..<pieces].reduce(0, +)
        }
        return sums.squareRoot()
    }

    package static func zero(_ gradients: FloatBuffer, pool: WorkerPool) {
        pool.forEach(count: pieces(gradients.count)) { piece, _ in
            OptimizerOperations.zero(gradients, range(piece, gradients.count))
        }
    }

    /// What gradients are to be multiplied with so that their norm is at most `limit`.
    package static func clippingScale(norm: Double, limit: Double) -> Float {
        norm > limit ? Float(limit / norm) : 1
    }

    static func pieces(_ count: Int) -> Int { (count + pieceNumbers - 1) / pieceNumbers }

    static func range(_ piece: Int, _ count: Int) -> Range<Int> {
        piece * pieceNumbers..<min(count, (piece + 1) * pieceNumbers)
    }
}
