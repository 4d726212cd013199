/// A row-major view of floats; in activations a row is a token.
///
///     let x = Matrix(rows: 3, columns: 896)         // owns a new, zeroed buffer
///     let lastToken = x.rows(2..<3)                  // shares it
///
/// Row r starts at `offset + r * stride` of `buffer`. Copies of the struct share the buffer.
public struct Matrix: Sendable {
    public let buffer: FloatBuffer
    public let offset: Int
    public let rows: Int
    public let columns: Int
    public let stride: Int

    /// - Precondition: the view lies inside the buffer.
    public init(buffer: FloatBuffer, offset: Int = 0, rows: Int, columns: Int, stride: Int? = nil) {
        let stride = stride ?? columns
        precondition(offset >= 0 && rows >= 0 && columns >= 0 && stride >= columns, "a matrix of odd shape")
        precondition(
            rows == 0 || offset + (rows - 1) * stride + columns <= buffer.count,
            "\(rows) x \(columns) (stride \(stride)) at \(offset) of \(buffer.count) floats")
        self.buffer = buffer
        self.offset = offset
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// A new, zeroed matrix with a buffer of its own.
    public init(rows: Int, columns: Int) {
        self.init(buffer: FloatBuffer(count: rows * columns), rows: rows, columns: columns)
    }

    /// - Precondition: `values` holds rows * columns floats.
    public init(rows: Int, columns: Int, values: [Float]) {
        precondition(values.count == rows * columns, "\(values.count) values for \(rows) x \(columns)")
        self.init(buffer: FloatBuffer(values), rows: rows, columns: columns)
    }

    public subscript(row: Int, column: Int) -> Float {
        get { buffer[index(row, column)] }
        nonmutating set { buffer[index(row, column)] = newValue }
    }

    /// The rows of `range`, sharing the buffer.
    public func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        return Matrix(
            buffer: buffer, offset: offset + range.lowerBound * stride, rows: range.count, columns: columns,
            stride: stride)
    }

    /// The columns of `range`, sharing the buffer.
    public func columns(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
        return Matrix(
            buffer: buffer, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
    }

    /// One row as an array.
    public func copyRow(_ row: Int) -> [Float] {
        precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
        return Array(UnsafeBufferPointer(start: pointer + row * stride, count: columns))
    }

    /// All rows, one after the other.
    public func copy() -> [Float] { (0..<rows).flatMap(copyRow) }

    /// Calls `body` with one row's floats; the pointer must not leave it.
    public func withRow<R, E: Error>(
        _ row: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
    ) throws(E) -> R {
        precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
        return try body(UnsafeMutableBufferPointer(start: pointer + row * stride, count: columns))
    }

    /// Overwrites this matrix with another of the same shape.
    public func assign(_ other: Matrix) {
        precondition(other.rows == rows && other.columns == columns, "assigning \(other.shape) to \(shape)")
        for row in 0..<rows {
            (pointer + row * stride).update(from: other.pointer + row * other.stride, count: columns)
        }
    }

    var shape: String { "\(rows) x \(columns)" }

    var pointer: UnsafeMutablePointer<Float> { buffer.pointer + offset }

    private func index(_ row: Int, _ column: Int) -> Int {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns, "element \(row), \(column) of \(shape)")
        return offset + row * stride + column
    }
}
