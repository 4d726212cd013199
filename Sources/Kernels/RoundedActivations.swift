import CKernels

/// Where the input of products is rounded to int8 in blocks of 32, and which of the planes of sums are needed.
struct RoundedActivations {
    let input: Matrix
    private let planes: UInt32

    /// nil when all weights are floats.
    init?(_ input: Matrix, for weights: [WeightMatrix]) {
        planes = weights.reduce(0) { $1.type.isFloat ? $0 : $0 | dk_plane($1.type.rawValue) }
        guard planes != 0 else { return nil }
        self.input = input
    }

    private var blocks: Int { input.rows * input.columns / 32 }

    /// Memory for all planes, each at a multiple of 64 bytes.
    var byteCount: Int { Self.byteCount(rows: input.rows, columns: input.columns) }

    static func byteCount(rows: Int, columns: Int) -> Int {
        let blocks = rows * columns / 32
        return 32 * blocks + 5 * 64 + (4 + 4 + 8 + 4 + 8) * blocks
    }

    /// The planes in `memory`, which has `byteCount` bytes.
    func layout(in memory: UnsafeMutableRawPointer) -> dk_activations {
        var next = memory
        func take<T>(_ type: T.Type, bytes: Int) -> UnsafeMutablePointer<T> {
            defer { next += (bytes + 63) / 64 * 64 }
            return next.assumingMemoryBound(to: type)
        }
        return dk_activations(
            quants: take(Int8.self, bytes: blocks * 32), scales: take(Float.self, bytes: blocks * 4),
            sums32: take(Int32.self, bytes: blocks * 4), sums16: take(Int32.self, bytes: blocks * 8),
            weighted32: take(Float.self, bytes: blocks * 4), weighted16: take(Float.self, bytes: blocks * 8),
            columns: Int64(input.rows), depth: Int64(input.columns), skipped: ~planes)
    }

    func round(rows: Range<Int>, into activations: UnsafePointer<dk_activations>) {
        Kernels.table.pointee.quantize_activations(
            input.pointer, Int64(input.stride), Int64(rows.lowerBound), Int64(rows.upperBound), 0,
            Int64(input.columns), activations)
    }
}
