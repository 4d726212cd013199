import Kernels

/// Dropout of adapters' inputs for one block of tokens: what is dropped follows from the micro-batch's key, the weight,
/// the token and the column, so that the backward pass drops the same.
struct AdapterNoise {
    let share: Double
    let key: UInt64
    /// The block's first token.
    let first: Int
    /// A worker's memory: numbers of x that are left, and gradients before they are dropped (fp32).
    let kept: NumberMatrix
    let slope: NumberMatrix

    func dropout(_ weight: UInt64) -> TrainingOperations.Dropout {
        TrainingOperations.Dropout(share: share, key: Hashing.mix(key, weight))
    }

    func drop(_ x: NumberMatrix, _ weight: UInt64) -> NumberMatrix {
        let out = kept.rows(0..<x.rows).columns(0..<x.columns)
        TrainingOperations.drop(x, dropout(weight), first: first, into: out)
        return out
    }
}
