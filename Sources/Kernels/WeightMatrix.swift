import CKernels

/// A matrix of weights, rows x columns, multiplied as y = x Wᵀ.
///
///     let weight = try WeightMatrix(type: .q4_K, rows: 1536, columns: 8960, bytes: tensor.bytes, pool: pool)
///     weight.multiply(x, into: y, on: pool)             // x: n x 8960, y: n x 1536
///
/// Packed weights hold their own copy in the kernels' order, of the file's size, and give the file's pages back to
/// the system. F32, F16 and BF16 are multiplied in float; other types with activations rounded to int8 in blocks of
/// 32, and sums in integers within a block.
public final class WeightMatrix: Sendable {
    public let type: ElementType
    public let rows: Int
    public let columns: Int
    private let bytes: ByteView

    public enum Packing: Sendable {
        /// The file's layout: no extra memory, slower.
        case file
        /// Copied once into records of sixteen rows.
        case packed
    }

    /// - Throws: `KernelsError.wrongShape` when the bytes are not exactly rows x columns elements,
    ///   or columns is no whole number of blocks; `.outOfMemory`.
    public init(
        type: ElementType, rows: Int, columns: Int, bytes: ByteView, packing: Packing = .packed,
        pool: WorkerPool? = nil
    ) throws(KernelsError) {
        let (elements, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard rows > 0, columns > 0, !overflow, columns % type.blockElements == 0,
            type.bytesIfValid(elements: elements) == bytes.count
        else {
            throw .wrongShape(
                operation: "\(type.name) weights of \(rows) x \(columns)",
                expected: "rows of whole blocks of \(type.blockElements), \(type.blockBytes) bytes each",
                actual: "\(bytes.count) bytes")
        }
        self.type = type
        self.rows = rows
        self.columns = columns
        self.bytes = bytes
    }

    /// output[token][row] = Σ weight[row][k] input[token][k]
    ///
    /// - Precondition: input is n x columns, output n x rows; they do not overlap.
    public func multiply(_ input: Matrix, into output: Matrix, on pool: WorkerPool) {
        Self.multiply(input, by: [(self, output)], on: pool)
    }

    /// Several products of one input (queries, keys and values; gate and up) in one parallel region.
    public static func multiply(_ input: Matrix, by products: [(WeightMatrix, Matrix)], on pool: WorkerPool) {
        for (weight, output) in products {
            precondition(
                input.columns == weight.columns && output.columns == weight.rows && output.rows == input.rows,
                "\(input.shape) times \(weight.rows) x \(weight.columns) transposed into \(output.shape)")
            pool.forEach(count: (weight.rows + 15) / 16) { group, _ in
                weight.referenceMultiply(input, into: output, rows: group * 16..<min(weight.rows, group * 16 + 16))
            }
        }
    }

    /// The same product in double precision straight from the file's layout: the oracle of the fast kernels.
    package func referenceMultiply(_ input: Matrix, into output: Matrix, rows: Range<Int>) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { row in
            bytes.withUnsafeBytes { source in
                dk_reference_multiply(
                    type.rawValue, source.baseAddress?.assumingMemoryBound(to: UInt8.self), Int64(rows.lowerBound),
                    Int64(rows.upperBound), Int64(columns), input.pointer, Int64(input.stride), Int64(input.rows),
                    output.pointer, Int64(output.stride), row.baseAddress)
            }
        }
    }

    /// Row `row` as floats (an embedding), exactly as the file stores it.
    ///
    /// - Precondition: `output` has as many columns as this matrix.
    public func dequantizedRow(_ row: Int, into output: Matrix, at outputRow: Int) {
        precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
        precondition(output.columns == columns, "a row of \(columns) into \(output.shape)")
        let rowBytes = columns / type.blockElements * type.blockBytes
        bytes[row * rowBytes..<(row + 1) * rowBytes].withUnsafeBytes { source in
            output.withRow(outputRow) { floats in
                dk_dequantize(type.rawValue, source.baseAddress, floats.baseAddress, Int64(columns))
            }
        }
    }

    /// Row `row` as an array.
    public func dequantizedRow(_ row: Int) -> [Float] {
        let output = Matrix(rows: 1, columns: columns)
        dequantizedRow(row, into: output, at: 0)
        return output.copyRow(0)
    }
}
