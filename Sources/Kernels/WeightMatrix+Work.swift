import CKernels

extension WeightMatrix {
    /// The pieces of several products in the order in which they are taken. A worker's share is a part of every
    /// product, not a product of its own: two workers that each read one of two large matrices get a fifth less from
    /// the memory than two that share one matrix after the other (measured, docs/LOG.md).
    struct Work {
        private let portions: [(job: Job, pieces: Range<Int>)]
        let count: Int
        let multiplications: Int

        init(_ jobs: [Job], workers: Int) {
            portions = (0..<workers).flatMap { worker in
                jobs.map { ($0, $0.pieces * worker / workers..<$0.pieces * (worker + 1) / workers) }
            }
            count = jobs.reduce(0) { $0 + $1.pieces }
            multiplications = jobs.reduce(0) { $0 + $1.multiplications }
        }

        /// Pieces are counted through all portions.
        func run(
            _ pieces: Range<Int>, _ activations: UnsafePointer<dk_activations>, _ scratch: UnsafeMutableRawPointer
        ) {
            var first = 0
            for (job, own) in portions {
                let taken = pieces.clamped(to: first..<first + own.count)
                if !taken.isEmpty {
                    let shift = own.lowerBound - first
                    job.run(taken.lowerBound + shift..<taken.upperBound + shift, activations, scratch)
                }
                first += own.count
            }
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
}
