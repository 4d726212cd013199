import Kernels
import Weights

/// The numbers of a stored tensor as floats, some rows at a time, in the order in which they are written.
struct TensorReader {
    private let info: TensorInfo
    private let sourceRow: (Int) -> Int
    private let isReordered: Bool
    private let merged: MergedWeights?
    /// A vector's elements are reordered one by one.
    private let rows: Int

    init(_ tensor: ExportTensor, _ merged: MergedWeights? = nil) {
        self.merged = merged
        info = tensor.source
        isReordered = tensor.interleavedHead != nil
        rows = info.shape.count == 1 && isReordered ? info.parameters : info.rows
        sourceRow = tensor.sourceRow
    }

    /// In the order of the source.
    init(_ info: TensorInfo, _ merged: MergedWeights? = nil) {
        self.merged = merged
        self.info = info
        isReordered = false
        rows = info.rows
        sourceRow = { $0 }
    }

    /// - Throws: `TrainingError.damaged` naming the tensor when a number is not finite.
    func forEachPiece(elements: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Void) throws {
        let columns = info.parameters / rows
        let rowBytes = info.bytes.count / rows
        let step = max(1, elements / columns)
        for first in stride(from: 0, to: rows, by: step) {
            let range = first..<min(rows, first + step)
            var floats: [Float]
            if let merged {
                floats =
                    isReordered
                    ? range.flatMap { merged.rows(info.name, sourceRow($0)..<sourceRow($0) + 1, columns: columns) }
                    : merged.rows(info.name, range, columns: columns)
            } else if isReordered {
                floats = []
                floats.reserveCapacity(range.count * columns)
                for row in range {
                    let place = sourceRow(row) * rowBytes
                    floats += try dequantize(info.type, info.bytes[place..<place + rowBytes], count: columns)
                }
            } else {
                let bytes = info.bytes[range.lowerBound * rowBytes..<range.upperBound * rowBytes]
                floats = try dequantize(info.type, bytes, count: range.count * columns)
            }
            if let bad = floats.firstIndex(where: { !$0.isFinite }) {
                throw TrainingError.damaged(
                    file: "tensor \(info.name)", expected: "finite numbers",
                    actual: "\(floats[bad]) in row \(first + bad / columns); the training went astray")
            }
            try floats.withUnsafeBufferPointer(body)
        }
    }
}
