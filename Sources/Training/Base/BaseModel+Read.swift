import Kernels
import Weights

extension BaseModel {
    /// Rows of a matrix as floats; a vector is one row.
    ///
    /// - Precondition: there is a tensor of this name, and `out` has the rows' shape.
    func read(_ name: String, rows: Range<Int>, into out: NumberMatrix) {
        let tensor = tensor(name)
        let info = tensor.info
        let rowBytes = info.bytes.count / info.rows
        guard tensor.interleavedHead != nil, info.shape.count > 1 else {
            TrainingOperations.dequantize(
                info.type, info.bytes[rows.lowerBound * rowBytes..<rows.upperBound * rowBytes], into: out)
            return
        }
        for (index, row) in rows.enumerated() {
            let place = tensor.fileRow(row) * rowBytes
            TrainingOperations.dequantize(
                info.type, info.bytes[place..<place + rowBytes], into: out.rows(index..<index + 1))
        }
    }

    /// A whole tensor to its place in the flat buffer.
    func read(_ entry: ParameterLayout.Entry, into buffer: FloatBuffer, on pool: WorkerPool) {
        let tensor = tensor(entry.name)
        let (rows, columns) = entry.shape.count > 1 ? (entry.shape[0], entry.shape[1]) : (1, entry.shape[0])
        let out = NumberMatrix(buffer, offset: entry.offset, rows: rows, columns: columns)
        let step = Self.rowsOfPiece
        pool.forEach(count: (rows + step - 1) / step) { piece, _ in
            let range = piece * step..<min(rows, (piece + 1) * step)
            read(entry.name, rows: range, into: out.rows(range))
        }
        // A vector's elements are turned one by one.
        if entry.shape.count == 1, tensor.interleavedHead != nil {
            let file = (0..<entry.count).map { buffer[entry.offset + $0] }
            for index in 0..<entry.count { buffer[entry.offset + index] = file[tensor.fileRow(index)] }
        }
        tensor.info.bytes.releasePages()
    }

    /// All tensors by Hugging Face's names, in its order; bytes as the file has them.
    var infos: [TensorInfo] {
        ParameterLayout(configuration).entries.map { entry in
            let info = tensor(entry.name).info
            return TensorInfo(name: entry.name, type: info.type, shape: entry.shape, bytes: info.bytes)
        }
    }

    /// Whether all matrices are of types whose products are made in integers.
    var isQuantized: Bool { tensors.values.allSatisfy { $0.info.shape.count == 1 || !$0.info.type.isFloat } }

    /// A matrix in the serving kernels' order.
    ///
    /// - Throws: `KernelsError` where there is no memory.
    func packed(_ name: String, on pool: WorkerPool) throws(KernelsError) -> WeightMatrix {
        let tensor = tensor(name)
        let info = tensor.info
        let (rows, columns) = (info.rows, info.shape.last ?? 0)
        guard tensor.interleavedHead != nil else {
            return try WeightMatrix(type: info.type, rows: rows, columns: columns, bytes: info.bytes, pool: pool)
        }
        let rowBytes = info.bytes.count / rows
        let inHalves = info.bytes.withUnsafeBytes { file in
            [UInt8](unsafeUninitializedCapacity: file.count) { bytes, filled in
                for row in 0..<rows {
                    let source = file[tensor.fileRow(row) * rowBytes..<(tensor.fileRow(row) + 1) * rowBytes]
                    _ = UnsafeMutableBufferPointer(rebasing: bytes[filled..<filled + rowBytes])
                        .initialize(fromContentsOf: source)
                    filled += rowBytes
                }
            }
        }
        return try WeightMatrix(
            type: info.type, rows: rows, columns: columns, bytes: ByteView(copying: inHalves), pool: pool)
    }

    /// Gives the file's pages of a tensor back to the system: it has been copied.
    func releasePages(_ name: String) { tensor(name).info.bytes.releasePages() }

    func rows(_ name: String) -> Int { tensor(name).info.rows }

    private static let rowsOfPiece = 32

    private func tensor(_ name: String) -> Tensor {
        guard let tensor = tensors[name] else { preconditionFailure("no tensor \(name)") }
        return tensor
    }
}
