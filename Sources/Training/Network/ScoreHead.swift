import Kernels

/// One number for a text, in place of the logits: a linear row over the last norm's output at chosen positions, as
/// transformers' models for sequence classification with one label have it.
///
///     y = norm(x),  s = y · w;    dw += ds y,  dy = ds w
///
/// There are few such positions in a batch, so one worker computes them all, in their order.
final class ScoreHead: Sendable {
    private let norm: VectorWeight
    private let weight: VectorWeight
    private let epsilon: Float
    private let stream: NumberMatrix
    private let gradient: NumberMatrix
    private let normed: NumberMatrix
    private let slope: NumberMatrix
    /// Where a frozen norm's gradient goes.
    private let unused: NumberMatrix
    private let memory: MatrixMemory

    /// Tokens of the shortest text that has a score.
    private static let textTokensMin = 2

    init(_ weight: VectorWeight, norm: VectorWeight, _ shape: Shape) throws(KernelsError) {
        self.norm = norm
        self.weight = weight
        epsilon = shape.epsilon
        let rows = max(1, shape.tokens / Self.textTokensMin)
        var memory = MatrixMemory()
        stream = try memory.matrix(rows, shape.width, .fp32)
        gradient = try memory.matrix(rows, shape.width, .fp32)
        normed = try memory.matrix(rows, shape.width, .fp32)
        slope = try memory.matrix(rows, shape.width, .fp32)
        unused = try memory.matrix(1, shape.width, .fp32)
        self.memory = memory
    }

    /// Positions that one batch may ask for.
    var positionsMax: Int { stream.rows }

    /// - Precondition: at most `positionsMax` places, each a row of x.
    func scores(_ x: NumberMatrix, at places: [Int32]) -> [Float] {
        let rows = 0..<places.count
        TrainingOperations.lookUp(places[...], in: x, into: stream.rows(rows))
        TrainingOperations.norm(stream.rows(rows), weight: norm.weight, epsilon: epsilon, into: normed.rows(rows))
        let factors = weight.weight.copy()
        return rows.map { row in
            let own = normed.rows(row..<row + 1).copy()
            return Float(zip(own, factors).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
        }
    }

    /// After `scores` of the same places: adds the gradients of Σ slopes[i] · score[i], and sets that of all of x.
    func backward(_ slopes: [Float], at places: [Int32], gradient whole: NumberMatrix) {
        let rows = 0..<places.count
        slope.rows(rows).zero()
        gradient.rows(rows).zero()
        for (row, factor) in slopes.enumerated() {
            if let sum = weight.gradient { OptimizerOperations.blend(sum, 1, normed.rows(row..<row + 1), factor) }
            OptimizerOperations.blend(slope.rows(row..<row + 1), 1, weight.weight, factor)
        }
        TrainingOperations.normBackward(
            stream.rows(rows), weight: norm.weight, epsilon: epsilon, yGradient: slope.rows(rows),
            xGradient: gradient.rows(rows), weightGradient: norm.gradient ?? unused)
        whole.zero()
        TrainingOperations.scatter(gradient.rows(rows), to: places[...], of: whole)
    }
}
