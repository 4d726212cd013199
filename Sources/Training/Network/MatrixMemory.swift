import Kernels

/// Allocates matrices whose memory one owner keeps: views do not.
///
///     var memory = MatrixMemory()
///     let x = try memory.matrix(4096, 256, .bf16)
///     self.memory = memory            // as long as x is used
struct MatrixMemory: Sendable {
    private var buffers: [NumberBuffer] = []

    mutating func matrix(_ rows: Int, _ columns: Int, _ precision: Precision) throws(KernelsError) -> NumberMatrix {
        let buffer = try NumberBuffer(count: rows * columns, precision: precision)
        buffers.append(buffer)
        return NumberMatrix(buffer, rows: rows, columns: columns)
    }
}
