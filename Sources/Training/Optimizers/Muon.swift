import Kernels

/// Momentum whose every matrix is made nearly orthogonal before it is applied (Jordan et al., 2024): all directions of
/// the update get about the same length.
///
///     m = β m + (1 - β) g,  u = β m + (1 - β) g                                 (Nesterov)
///     X = u / |u|;  five times:  A = X Xᵀ,  X = a X + (b A + c A²) X            (Newton-Schulz, X no taller than wide)
///     p = p (1 - rate decay) - rate s X
struct Muon {
    let average: FloatBuffer
    private let settings: OptimizerSettings
    private let matrices: [(entry: ParameterLayout.Entry, momentum: Int)]
    private let orthogonalizer: Orthogonalizer

    init(_ settings: OptimizerSettings, _ entries: [ParameterLayout.Entry]) throws(KernelsError) {
        self.settings = settings
        var offset = 0
        var matrices: [(entry: ParameterLayout.Entry, momentum: Int)] = []
        for entry in entries {
            matrices.append((entry, offset))
            offset += entry.count
        }
        self.matrices = matrices
        average = FloatBuffer(count: offset)
        orthogonalizer = try Orthogonalizer(
            shapes: entries.map(\.shape), iterations: settings.iterations, precision: settings.precision)
    }

    func step(
        parameters: FloatBuffer, gradients: FloatBuffer, learningRate: Float, gradientScale: Float,
        on pool: WorkerPool
    ) {
        for (entry, momentum) in matrices {
            let (rows, columns) = (entry.shape[0], entry.shape[1])
            let update = orthogonalizer.update(rows: rows, columns: columns)
            pool.forEach(count: Gradients.pieces(entry.count)) { piece, _ in
                let own = Gradients.range(piece, entry.count)
                OptimizerOperations.momentum(
                    entry.offset + own.lowerBound..<entry.offset + own.upperBound, gradients: gradients,
                    average: average, averageAt: momentum + own.lowerBound, momentum: settings.momentum,
                    gradientScale: gradientScale, update: update, updateAt: own.lowerBound)
            }
            orthogonalizer.orthogonalize(update, on: pool)
            let weight = NumberMatrix(parameters, offset: entry.offset, rows: rows, columns: columns)
            let kept = 1 - learningRate * settings.weightDecay
            let rate = learningRate * factor(rows, columns)
            pool.forEach(count: rows) { row, _ in
                OptimizerOperations.blend(
                    weight.rows(row..<row + 1), kept, update.rows(row..<row + 1), -rate)
            }
        }
    }

    private func factor(_ rows: Int, _ columns: Int) -> Float {
        settings.matchesAdamW
            ? 0.2 * Float(max(rows, columns)).squareRoot() : max(1, Float(rows) / Float(columns)).squareRoot()
    }
}
