import CKernels

/// A matrix of weights, rows x columns, multiplied as y = x Wᵀ.
///
///     let weight = try WeightMatrix(type: .q4_K, rows: 1536, columns: 8960, bytes: tensor.bytes, pool: pool)
///     weight.multiply(x, into: y, on: pool)             // x: n x 8960, y: n x 1536
///
/// Packed weights hold their own copy in the kernels' order (CKernels' `layout.h`), of the file's size, and give the
/// file's pages back to the system. F32, F16 and BF16 are multiplied in float; other types with activations rounded
/// to int8 in blocks of 32, and sums in integers within a block.
public final class WeightMatrix: Sendable {
    public let type: ElementType
    public let rows: Int
    public let columns: Int
    public let packing: Packing
    let bytes: ByteView
    private let packed: Memory?

    public enum Packing: Sendable {
        /// The file's layout: no extra memory, slower. For tensors of which only rows are looked up.
        case file
        /// Copied once into records of sixteen rows.
        case packed
    }

    /// - Throws: `KernelsError.wrongShape` when the bytes are not exactly rows x columns elements,
    ///   or columns is no whole number of blocks; `.outOfMemory`.
    public init(
        type: ElementType, rows: Int, columns: Int, bytes: ByteView, packing: Packing = .packed,
        pool: WorkerPool? = nil, arena: MemoryArena? = nil
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
        self.packing = packing
        packed = packing == .packed ? try Self.pack(type, rows, columns, bytes, pool, arena) : nil
    }

    /// Bytes of memory beside the file's.
    public var packedBytes: Int { packed?.count ?? 0 }

    private static func pack(
        _ type: ElementType, _ rows: Int, _ columns: Int, _ bytes: ByteView, _ pool: WorkerPool?, _ arena: MemoryArena?
    ) throws(KernelsError) -> Memory {
        let size = Int(dk_packed_bytes(type.rawValue, Int64(rows), Int64(columns)))
        guard let memory = arena.map({ $0.take(size) }) ?? Memory(zeroed: size) else {
            throw .outOfMemory(operation: "packing \(type.name) weights of \(rows) x \(columns)", bytes: size)
        }
        let groups = (rows + groupRows - 1) / groupRows
        let step = 8
        let pieces = (groups + step - 1) / step
        let packPiece = { (piece: Int) in
            bytes.withUnsafeBytes { file in
                dk_pack(
                    type.rawValue, file.baseAddress?.assumingMemoryBound(to: UInt8.self), Int64(rows), Int64(columns),
                    Int64(piece * step), Int64(min(groups, (piece + 1) * step)), memory.pointer(UInt8.self))
            }
        }
        if let pool {
            pool.forEach(count: pieces) { piece, _ in packPiece(piece) }
        } else {
            for piece in 0..<pieces { packPiece(piece) }
        }
        bytes.releasePages()
        return memory
    }

    static let groupRows = Int(DK_GROUP_ROWS)

    var packedPointer: UnsafePointer<UInt8>? { packed.map { UnsafePointer($0.pointer(UInt8.self)) } }

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
