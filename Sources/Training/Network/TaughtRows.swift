import Kernels

/// The rows of the residual stream that have a target, side by side: the head computes no others. In tuning most
/// positions are prompts, and the head of a small model with a large vocabulary is a third of its work.
final class TaughtRows: Sendable {
    private let stream: NumberMatrix
    private let gradient: NumberMatrix
    private let memory: MatrixMemory

    struct Gathered {
        /// Of each row within the batch, rising.
        let places: [Int32]
        let targets: [Int32]
        let stream: NumberMatrix
        /// To be written.
        let gradient: NumberMatrix
    }

    init(_ shape: Shape) throws(KernelsError) {
        var memory = MatrixMemory()
        stream = try memory.matrix(shape.tokens, shape.width, .fp32)
        gradient = try memory.matrix(shape.tokens, shape.width, .fp32)
        self.memory = memory
    }

    func gather(_ x: NumberMatrix, _ targets: [Int32]) -> Gathered {
        let places = targets.indices.filter { targets[$0] >= 0 }.map(Int32.init)
        let rows = stream.rows(0..<places.count)
        TrainingOperations.lookUp(places[...], in: x, into: rows)
        return Gathered(
            places: places, targets: places.map { targets[Int($0)] }, stream: rows,
            gradient: gradient.rows(0..<places.count))
    }
}
