import CKernels

extension WeightMatrix {
    /// output[token][row] = Σ weight[row][k] input[token][k]
    ///
    /// Each output is summed in one order, whatever the number of tokens and workers: the same token gives the same
    /// bits alone and in a batch.
    ///
    /// - Precondition: input is n x columns, output n x rows; they do not overlap.
    public func multiply(_ input: Matrix, into output: Matrix, on pool: WorkerPool) {
        Self.multiply(input, by: [(self, output)], on: pool)
    }

    /// Several products of one input (queries, keys and values; gate and up) in one parallel region, the input
    /// rounded once for all of them.
    public static func multiply(_ input: Matrix, by products: [(WeightMatrix, Matrix)], on pool: WorkerPool) {
        guard input.rows > 0 else { return }
        for (weight, output) in products {
            Product.check(input, weight, output)
        }
        let rounded = RoundedActivations(input, for: products.map(\.0))
        let jobs = products.map { Job(weight: $0.0, input: input, output: $0.1, threads: pool.threads) }
        let work = Work(jobs, workers: pool.threads)
        if let rounded, input.rows <= rowsRoundedByEachMax {
            run(work, roundingAlone: rounded, on: pool)
        } else if let rounded {
            var activations = rounded.layout(in: pool.shared(.activations, bytes: rounded.byteCount))
            Operations.eachRow(input, pool) { rounded.round(rows: $0..<$0 + 1, into: &activations) }
            run(work, activations, on: pool)
        } else {
            run(work, dk_activations(), on: pool)
        }
    }

    /// Rows of input that every worker rounds for itself: that takes less time than one worker's rounding takes to get
    /// to the others' caches.
    private static let rowsRoundedByEachMax = 1

    private static func run(_ work: Work, roundingAlone rounded: RoundedActivations, on pool: WorkerPool) {
        let scratchBytes = (Int(dk_scratch_bytes()) + 63) / 64 * 64
        let bytes = scratchBytes + rounded.byteCount
        pool.reserveScratch(bytes: bytes)
        let activations = (0..<pool.threads).map {
            rounded.layout(in: pool.scratch(worker: $0, bytes: bytes) + scratchBytes)
        }
        activations.withUnsafeBufferPointer { activations in
            guard let base = activations.baseAddress else { return }
            pool.forEachRange(count: work.count) { worker in
                rounded.round(rows: 0..<rounded.input.rows, into: base + worker)
            } _: { pieces, worker in
                work.run(pieces, base + worker, pool.scratch(worker: worker, bytes: bytes))
            }
        }
    }

    /// - Parameter isSmall: this thread alone is quicker than all together.
    static func run(_ work: Work, _ activations: dk_activations, on pool: WorkerPool, isSmall: Bool = false) {
        let scratchBytes = Int(dk_scratch_bytes())
        pool.reserveScratch(bytes: scratchBytes)
        withUnsafePointer(to: activations) { activations in
            let runPieces = { (pieces: Range<Int>, worker: Int) in
                work.run(pieces, activations, pool.scratch(worker: worker, bytes: scratchBytes))
            }
            if isSmall {
                runPieces(0..<work.count, 0)
            } else {
                pool.forEachRange(count: work.count, starting: { _ in }, runPieces)
            }
        }
    }

    /// The product in double precision straight from the file's layout: the oracle of the fast kernels.
    package func referenceMultiply(_ input: Matrix, into output: Matrix) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { row in
            bytes.withUnsafeBytes { source in
                dk_reference_multiply(
                    type.rawValue, source.baseAddress?.assumingMemoryBound(to: UInt8.self), 0, Int64(rows),
                    Int64(columns), input.pointer, Int64(input.stride), Int64(input.rows), output.pointer,
                    Int64(output.stride), row.baseAddress)
            }
        }
    }
}
