import CKernels

/// One worker's memory for `QuantizedProduct`.
package final class QuantizedScratch: @unchecked Sendable {
    // Sendable: addresses are constant; one worker at a time uses it.
    private let input: FloatBuffer
    private let output: FloatBuffer
    private let rounded: Memory
    private let kernelMemory: Memory
    private let rows: Int

    /// Rows of weights whose sums are made before they are stored: with 96 tokens 384 KB.
    static let rowsOfPiece = 1024

    /// - Parameters:
    ///   - rows: tokens of one product at most; at most 510, the kernels' limit.
    ///   - depth: numbers of one token at most.
    /// - Throws: `KernelsError.outOfMemory`
    package init(rows: Int, depth: Int) throws(KernelsError) {
        precondition(rows > 0 && rows <= Int(DK_RANGE_COLUMNS) && depth > 0, "\(rows) x \(depth)")
        (input, output) = (FloatBuffer(count: rows * depth), FloatBuffer(count: rows * Self.rowsOfPiece))
        let bytes = RoundedActivations.byteCount(rows: rows, columns: depth)
        guard let rounded = Memory(zeroed: bytes) else {
            throw .outOfMemory(operation: "rounded activations", bytes: bytes)
        }
        guard let kernels = Memory(zeroed: Int(dk_scratch_bytes())) else {
            throw .outOfMemory(operation: "products", bytes: Int(dk_scratch_bytes()))
        }
        (self.rows, self.rounded, kernelMemory) = (rows, rounded, kernels)
    }

    var kernels: UnsafeMutableRawPointer { kernelMemory.base }

    /// bf16 rows as the products with these weights want them.
    func round(_ x: NumberMatrix, for weights: [WeightMatrix]) -> dk_activations {
        precondition(x.precision == .bf16 && x.rows <= rows && x.rows * x.columns <= input.count, "\(x.shape)")
        for row in 0..<x.rows {
            let source = x.pointer + row * x.stride * x.precision.bytes
            TrainingKernels.table.pointee.widen(
                source.assumingMemoryBound(to: UInt16.self), input.pointer + row * x.columns, Int64(x.columns))
        }
        let matrix = Matrix(buffer: input, rows: x.rows, columns: x.columns)
        guard let activations = RoundedActivations(matrix, for: weights) else { return dk_activations() }
        let result = activations.layout(in: rounded.base)
        withUnsafePointer(to: result) { activations.round(rows: 0..<x.rows, into: $0) }
        return result
    }

    /// Room for so many sums of each of `rows` tokens.
    func sums(_ rows: Int, _ columns: Int) -> NumberMatrix {
        NumberMatrix(output, rows: rows, columns: columns)
    }
}
