import Kernels

/// A tensor of a file: what it is called, how it is stored, and where its bytes lie.
///
/// `bytes` has exactly the size that `type` and `shape` ask for; this is checked before a `TensorInfo` is made.
public struct TensorInfo: Sendable {
    public let name: String
    public let type: ElementType
    /// Outermost dimension first, as in PyTorch: a matrix is [rows, columns] and its rows lie one after another.
    /// No dimension is zero; a scalar of a safetensors file has no dimensions.
    public let shape: [Int]
    public let bytes: ByteView

    /// - Precondition: `bytes` has the size that type and shape ask for.
    package init(name: String, type: ElementType, shape: [Int], bytes: ByteView) {
        self.name = name
        self.type = type
        self.shape = shape
        self.bytes = bytes
    }

    /// How many numbers it holds.
    public var parameters: Int { shape.reduce(1, *) }
    /// The length of a row: the innermost dimension, 1 for a scalar.
    public var columns: Int { shape.last ?? 1 }
    /// All dimensions but the innermost, multiplied.
    public var rows: Int { shape.dropLast().reduce(1, *) }
}

/// The size of a tensor that a file claims, with every product checked.
struct TensorExtent {
    let parameters: Int
    let bytes: Int

    /// - Parameter shape: outermost first, from the file.
    init(
        type: ElementType, shape: [Int], field: @autoclosure () -> String, context: FileContext
    ) throws(WeightsError) {
        var parameters = 1
        for dimension in shape {
            guard dimension > 0 else {
                throw context.malformed(field(), expected: "dimensions above zero", actual: "the shape \(shape)")
            }
            let (product, overflow) = parameters.multipliedReportingOverflow(by: dimension)
            guard !overflow else {
                throw context.malformed(
                    field(), expected: "fewer than 2^63 elements", actual: "the shape \(shape)")
            }
            parameters = product
        }
        guard (shape.last ?? 1) % type.blockElements == 0 else {
            throw context.malformed(
                field(), expected: "rows of a multiple of \(type.blockElements) elements, the block of \(type.name)",
                actual: "rows of \(shape.last ?? 1)")
        }
        guard let bytes = type.bytesIfValid(elements: parameters) else {
            throw context.malformed(field(), expected: "fewer than 2^63 bytes", actual: "the shape \(shape)")
        }
        self.parameters = parameters
        self.bytes = bytes
    }
}
