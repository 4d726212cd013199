import CKernels

/// Element-wise operations and short reductions on rows of activations.
///
/// Matrices of n rows are split between the pool's workers by rows when a pool is given and there is enough to do.
/// Each row is computed alone, in one order: results do not depend on the number of workers or of other rows.
public enum Operations {
    /// Floats below which a parallel region costs more than it saves.
    static let parallelFloatsMin = 16_384

    /// out = x / √(mean(x²) + epsilon) * (weight + weightOffset), row by row.
    ///
    /// - Parameters:
    ///   - weight: one factor a column, or nil for ones.
    ///   - weightOffset: added to the weight; 1 for Gemma checkpoints that store weight - 1 (GGUF stores it added).
    ///   - out: may be `x`.
    public static func rmsNorm(
        _ x: Matrix, weight: FloatBuffer?, epsilon: Float, weightOffset: Float = 0, into out: Matrix,
        on pool: WorkerPool? = nil
    ) {
        precondition(out.rows == x.rows && out.columns == x.columns, "norm of \(x.shape) into \(out.shape)")
        precondition(weight.map { $0.count == x.columns } ?? true, "a norm weight of the wrong length")
        let kernels = Kernels.current
        eachRow(x, pool) { row in
            kernels.rms_norm(
                x.pointer + row * x.stride, weight?.pointer, epsilon, weightOffset, out.pointer + row * out.stride,
                Int64(x.columns))
        }
    }

    /// The same on every run of `size` columns (Q and K norms of each head); `weight` has `size` factors.
    public static func rmsNormHeads(
        _ x: Matrix, size: Int, weight: FloatBuffer?, epsilon: Float, weightOffset: Float = 0,
        on pool: WorkerPool? = nil
    ) {
        precondition(size > 0 && x.columns % size == 0, "heads of \(size) in \(x.shape)")
        precondition(weight.map { $0.count == size } ?? true, "a norm weight of the wrong length")
        let kernels = Kernels.current
        eachRow(x, pool) { row in
            for head in 0..<x.columns / size {
                let start = x.pointer + row * x.stride + head * size
                kernels.rms_norm(start, weight?.pointer, epsilon, weightOffset, start, Int64(size))
            }
        }
    }

    /// Each row becomes exp(x) / Σ exp(x).
    public static func softmax(_ x: Matrix, on pool: WorkerPool? = nil) {
        let kernels = Kernels.current
        eachRow(x, pool) { kernels.softmax(x.pointer + $0 * x.stride, Int64(x.columns)) }
    }

    /// gate = silu(gate) * up
    public static func siluMultiply(gate: Matrix, up: Matrix, on pool: WorkerPool? = nil) {
        precondition(gate.rows == up.rows && gate.columns == up.columns, "gate \(gate.shape), up \(up.shape)")
        let kernels = Kernels.current
        eachRow(gate, pool) { row in
            let start = gate.pointer + row * gate.stride
            kernels.silu_multiply(start, up.pointer + row * up.stride, start, Int64(gate.columns))
        }
    }

    /// gate = gelu(gate) * up, gelu in its tanh form.
    public static func geluTanhMultiply(gate: Matrix, up: Matrix, on pool: WorkerPool? = nil) {
        precondition(gate.rows == up.rows && gate.columns == up.columns, "gate \(gate.shape), up \(up.shape)")
        let kernels = Kernels.current
        eachRow(gate, pool) { row in
            let start = gate.pointer + row * gate.stride
            kernels.gelu_multiply(start, up.pointer + row * up.stride, start, Int64(gate.columns))
        }
    }

    /// x = x + y
    public static func add(_ x: Matrix, _ y: Matrix, on pool: WorkerPool? = nil) {
        precondition(x.rows == y.rows && x.columns == y.columns, "\(x.shape) plus \(y.shape)")
        let kernels = Kernels.current
        eachRow(x, pool) { kernels.add(x.pointer + $0 * x.stride, y.pointer + $0 * y.stride, Int64(x.columns)) }
    }

    /// x = x + factor * y (one expert's share)
    public static func addScaled(_ x: Matrix, _ y: Matrix, factor: Float) {
        precondition(x.rows == y.rows && x.columns == y.columns, "\(x.shape) plus \(y.shape)")
        let kernels = Kernels.current
        eachRow(x, nil) {
            kernels.add_scaled(x.pointer + $0 * x.stride, y.pointer + $0 * y.stride, factor, Int64(x.columns))
        }
    }

    /// Every row of x = row + bias
    public static func addBias(_ x: Matrix, _ bias: FloatBuffer, on pool: WorkerPool? = nil) {
        precondition(bias.count == x.columns, "a bias of \(bias.count) for \(x.shape)")
        let kernels = Kernels.current
        eachRow(x, pool) { kernels.add(x.pointer + $0 * x.stride, bias.pointer, Int64(x.columns)) }
    }

    /// x = factor * x
    public static func scale(_ x: Matrix, by factor: Float, on pool: WorkerPool? = nil) {
        let kernels = Kernels.current
        eachRow(x, pool) { kernels.scale(x.pointer + $0 * x.stride, factor, Int64(x.columns)) }
    }

    /// x = cap * tanh(x / cap)
    ///
    /// - Precondition: cap > 0
    public static func softCap(_ x: Matrix, cap: Float, on pool: WorkerPool? = nil) {
        precondition(cap > 0, "a soft cap of \(cap)")
        let kernels = Kernels.current
        eachRow(x, pool) { kernels.soft_cap(x.pointer + $0 * x.stride, cap, Int64(x.columns)) }
    }

    /// e^x of each value: relative error below 2e-7; 0 below -87.3, and no more than e^88.37.
    public static func exponential(_ values: [Float]) -> [Float] {
        mapped(values) { Kernels.current.exponential($0, $1, $2) }
    }

    /// tanh of each value, relative error below 1e-6.
    public static func hyperbolicTangent(_ values: [Float]) -> [Float] {
        mapped(values) { Kernels.current.hyperbolic_tangent($0, $1, $2) }
    }

    private static func mapped(
        _ values: [Float], _ body: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int64) -> Void
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { buffer, filled in
            values.withUnsafeBufferPointer { body($0.baseAddress, buffer.baseAddress, Int64(values.count)) }
            filled = values.count
        }
    }

    /// Calls `body` with every row's number, in parallel when the matrix is large.
    static func eachRow(_ x: Matrix, _ pool: WorkerPool?, _ body: (Int) -> Void) {
        guard let pool, pool.threads > 1, x.rows > 1, x.rows * x.columns >= parallelFloatsMin else {
            for row in 0..<x.rows { body(row) }
            return
        }
        let chunk = max(1, min(16, x.rows / (pool.threads * 2)))
        pool.forEach(count: (x.rows + chunk - 1) / chunk) { item, _ in
            for row in item * chunk..<min(x.rows, item * chunk + chunk) { body(row) }
        }
    }
}
