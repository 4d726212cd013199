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
        if let rounded, input.rows <= rowsRoundedByEachMax {
            run(jobs, roundingAlone: rounded, on: pool)
        } else if let rounded {
            var activations = rounded.layout(in: pool.shared(.activations, bytes: rounded.byteCount))
            Operations.eachRow(input, pool) { rounded.round(rows: $0..<$0 + 1, into: &activations) }
            run(jobs, activations, on: pool)
        } else {
            run(jobs, dk_activations(), on: pool)
        }
    }

    /// Rows of input that every worker rounds for itself: that takes less time than one worker's rounding takes to get
    /// to the others' caches.
    private static let rowsRoundedByEachMax = 1

    private static func run(_ jobs: [Job], roundingAlone rounded: RoundedActivations, on pool: WorkerPool) {
        let scratchBytes = (Int(dk_scratch_bytes()) + 63) / 64 * 64
        let bytes = scratchBytes + rounded.byteCount
        pool.reserveScratch(bytes: bytes)
        let activations = (0..<pool.threads).map {
            rounded.layout(in: pool.scratch(worker: $0, bytes: bytes) + scratchBytes)
        }
        activations.withUnsafeBufferPointer { activations in
            guard let base = activations.baseAddress else { return }
            pool.forEachRange(count: jobs.reduce(0) { $0 + $1.pieces }) { worker in
                rounded.round(rows: 0..<rounded.input.rows, into: base + worker)
            } _: { pieces, worker in
                run(jobs, pieces, base + worker, pool.scratch(worker: worker, bytes: bytes))
            }
        }
    }

    /// - Parameter isSmall: this thread alone is quicker than all together.
    static func run(_ jobs: [Job], _ activations: dk_activations, on pool: WorkerPool, isSmall: Bool = false) {
        let scratchBytes = Int(dk_scratch_bytes())
        pool.reserveScratch(bytes: scratchBytes)
        let count = jobs.reduce(0) { $0 + $1.pieces }
        withUnsafePointer(to: activations) { activations in
            let runPieces = { (pieces: Range<Int>, worker: Int) in
                run(jobs, pieces, activations, pool.scratch(worker: worker, bytes: scratchBytes))
            }
            if isSmall {
                runPieces(0..<count, 0)
            } else {
                pool.forEachRange(count: count, starting: { _ in }, runPieces)
            }
        }
    }

    /// Pieces are counted through all jobs.
    private static func run(
        _ jobs: [Job], _ pieces: Range<Int>, _ activations: UnsafePointer<dk_activations>,
        _ scratch: UnsafeMutableRawPointer
    ) {
        var first = 0
        for job in jobs {
            let own = pieces.clamped(to: first..<first + job.pieces)
            if !own.isEmpty { job.run(own.lowerBound - first..<own.upperBound - first, activations, scratch) }
            first += job.pieces
        }
    }

    /// One product cut into pieces: some pairs of groups times a range of columns.
    struct Job {
        private let product: dk_product
        let groups: Int
        let groupsPerPiece: Int
        let columnsPerPiece: Int
        let groupPieces: Int
        let pieces: Int

        init(
            weight: WeightMatrix, input: Matrix, output: Matrix, threads: Int
        ) {
            product = dk_product(
                type: weight.type.rawValue, packed: weight.packedPointer,
                file: weight.bytes.base.assumingMemoryBound(to: UInt8.self), rows: Int64(weight.rows),
                depth: Int64(weight.columns), activations: nil, input: UnsafePointer(input.pointer),
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

        /// Pieces of the same columns are one call: their weights follow one another.
        func run(
            _ pieces: Range<Int>, _ activations: UnsafePointer<dk_activations>, _ scratch: UnsafeMutableRawPointer
        ) {
            var product = product
            product.activations = activations
            var piece = pieces.lowerBound
            while piece < pieces.upperBound {
                let row = piece / groupPieces
                let end = min(pieces.upperBound, (row + 1) * groupPieces)
                let firstGroup = (piece - row * groupPieces) * groupsPerPiece
                let lastGroup = min(groups, (end - row * groupPieces) * groupsPerPiece)
                let firstColumn = row * columnsPerPiece
                Kernels.table.pointee.multiply(
                    &product, Int64(firstGroup), Int64(lastGroup), Int64(firstColumn),
                    min(product.columns, Int64(firstColumn + columnsPerPiece)), scratch)
                piece = end
            }
        }
    }

    /// Bytes of activations that one pass over some weights uses.
    private static let activationBytesMax = 768 << 10
    /// Multiplications below which a piece is not worth cutting off (some microseconds), and bytes of weights: at the
    /// end of a product one worker waits for the other's last piece, and the memory has nothing to do.
    private static let pieceProductsMin = 400_000
    private static let pieceBytesMin = 32 << 10

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
