import Kernels

/// RMS norm with its weights.
struct Norm: Sendable {
    let weight: FloatBuffer?
    let epsilon: Float

    /// `output` may be `x`.
    func apply(_ x: Matrix, into output: Matrix, on pool: WorkerPool) {
        Operations.rmsNorm(x, weight: weight, epsilon: epsilon, into: output, on: pool)
    }

    /// Every head of `x` alone.
    func applyToHeads(_ x: Matrix, headDim: Int, on pool: WorkerPool) {
        Operations.rmsNormHeads(x, size: headDim, weight: weight, epsilon: epsilon, on: pool)
    }
}
