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
        let quantizes = products.contains { !$0.0.type.isFloat }
        var activations = quantizes ? quantized(input, on: pool) : dk_activations()
        withUnsafePointer(to: &activations) { activations in
            let jobs = products.map { weight, output in
                Job(weight: weight, input: input, output: output, activations: activations, threads: pool.threads)
            }
            run(jobs, on: pool)
        }
    }

    static func run(_ jobs: [Job], on pool: WorkerPool, isSmall: Bool = false) {
        let kernels = Kernels.current
        let scratchBytes = Int(dk_scratch_bytes())
        pool.reserveScratch(bytes: scratchBytes)
        jobs.withUnsafeBufferPointer { jobs in
            var total = 0
            for job in jobs { total += job.pieces }
            let runPiece = { (item: Int, worker: Int) in
                var index = 0
                var piece = item
                while piece >= jobs[index].pieces {
                    piece -= jobs[index].pieces
                    index += 1
                }
                jobs[index].run(piece, kernels, pool.scratch(worker: worker, bytes: scratchBytes))
            }
            if isSmall {
                for item in 0..<total { runPiece(item, 0) }
            } else {
                pool.forEach(count: total, runPiece)
            }
        }
    }

    /// One product cut into pieces: some pairs of groups times a range of columns.
    struct Job {
        var product: dk_product
        let groups: Int
        let groupsPerPiece: Int
        let columnsPerPiece: Int
        let groupPieces: Int
        let pieces: Int

        init(
            weight: WeightMatrix, input: Matrix, output: Matrix, activations: UnsafePointer<dk_activations>,
            threads: Int
        ) {
            product = dk_product(
                type: weight.type.rawValue, packed: weight.packedPointer,
                file: weight.bytes.base.assumingMemoryBound(to: UInt8.self), rows: Int64(weight.rows),
                depth: Int64(weight.columns), activations: activations, input: UnsafePointer(input.pointer),
                input_stride: Int64(input.stride), columns: Int64(input.rows), output: output.pointer,
                output_stride: Int64(output.stride))
            groups = (weight.rows + groupRows - 1) / groupRows
            columnsPerPiece = Self.columns(
                count: input.rows, columnBytes: weight.columns * (weight.type.isFloat ? 4 : 1))
            groupsPerPiece = Self.groups(of: groups, weight: weight, columns: columnsPerPiece, threads: threads)
            groupPieces = (groups + groupsPerPiece - 1) / groupsPerPiece
            pieces = groupPieces * ((input.rows + columnsPerPiece - 1) / columnsPerPiece)
        }

        var multiplications: Int { Int(product.rows * product.depth * product.columns) }

        /// Columns whose activations stay in the second-level cache, a multiple of the tile.
        private static func columns(count: Int, columnBytes: Int) -> Int {
            let tile = Int(DK_TILE_COLUMNS)
            let fitting = WeightMatrix.activationBytesMax / columnBytes / tile * tile
            let most = min(Int(DK_RANGE_COLUMNS), max(16 * tile, fitting))
            return count <= most ? count : most
        }

        /// Pairs of groups that take long enough to be a piece, but at least four pieces a worker where there are
        /// that many. Few columns wait for the weights, many for the arithmetic.
        private static func groups(of groups: Int, weight: WeightMatrix, columns: Int, threads: Int) -> Int {
            let pairs = (groups + 1) / 2
            let products = WeightMatrix.pieceProductsMin / (32 * weight.columns * columns)
            let bytes = WeightMatrix.pieceBytesMin / max(1, weight.packedBytes / pairs)
            return 2 * max(1, min(products, bytes, pairs / (4 * threads)))
        }

        func run(_ piece: Int, _ kernels: dk_kernels, _ scratch: UnsafeMutableRawPointer) {
            let firstGroup = piece % groupPieces * groupsPerPiece
            let firstColumn = piece / groupPieces * columnsPerPiece
            withUnsafePointer(to: product) { product in
                kernels.multiply(
                    product, Int64(firstGroup), Int64(min(groups, firstGroup + groupsPerPiece)), Int64(firstColumn),
                    min(product.pointee.columns, Int64(firstColumn + columnsPerPiece)), scratch)
            }
        }
    }

    /// Bytes of activations that one pass over some weights uses.
    private static let activationBytesMax = 768 << 10
    /// Multiplications below which a piece is not worth cutting off (some microseconds), and bytes of weights: at the
    /// end of a product one worker waits for the other's last piece, and the memory has nothing to do.
    private static let pieceProductsMin = 400_000
    private static let pieceBytesMin = 32 << 10

    /// The input rounded to int8 by blocks of 32, in the pool's shared memory.
    private static func quantized(_ input: Matrix, on pool: WorkerPool) -> dk_activations {
        let blocks = input.rows * input.columns / 32
        var result = dk_activations(
            quants: pool.shared(.quants, bytes: blocks * 32).assumingMemoryBound(to: Int8.self),
            scales: pool.shared(.scales, bytes: blocks * 4).assumingMemoryBound(to: Float.self),
            sums32: pool.shared(.sums32, bytes: blocks * 4).assumingMemoryBound(to: Int32.self),
            sums16: pool.shared(.sums16, bytes: blocks * 8).assumingMemoryBound(to: Int32.self),
            weighted32: pool.shared(.weighted32, bytes: blocks * 4).assumingMemoryBound(to: Float.self),
            weighted16: pool.shared(.weighted16, bytes: blocks * 8).assumingMemoryBound(to: Float.self),
            columns: Int64(input.rows), depth: Int64(input.columns))
        let kernels = Kernels.current
        withUnsafePointer(to: &result) { result in
            Operations.eachRow(input, pool) { row in
                kernels.quantize_activations(
                    input.pointer, Int64(input.stride), Int64(row), Int64(row + 1), 0, Int64(input.columns), result)
            }
        }
        return result
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
