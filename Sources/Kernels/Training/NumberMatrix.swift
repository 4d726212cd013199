import CKernels

/// A row-major view of fp32 or bf16 numbers; in activations a row is a token.
///
///     let memory = NumberBuffer(count: 4096 * 256, precision: .bf16)
///     let x = NumberMatrix(memory, rows: 4096, columns: 256)
///     let block = x.rows(96..<192)
///
/// A view does not keep its memory alive: who makes views keeps the buffers. (Views are made by the thousand in every
/// step; counting references would have the workers fight for a cache line.)
package struct NumberMatrix: @unchecked Sendable {
    // Sendable: an address; callers order their writes, as with FloatBuffer.
    let pointer: UnsafeMutableRawPointer
    package let rows: Int
    package let columns: Int
    /// Elements between rows.
    package let stride: Int
    package let precision: NumberPrecision

    init(pointer: UnsafeMutableRawPointer, rows: Int, columns: Int, stride: Int, precision: NumberPrecision) {
        self.pointer = pointer
        self.rows = rows
        self.columns = columns
        self.stride = stride
        self.precision = precision
    }

    /// - Precondition: the view lies inside the buffer.
    package init(_ buffer: NumberBuffer, rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0 && rows * columns <= buffer.count, "\(rows) x \(columns)")
        self.init(
            pointer: buffer.pointer, rows: rows, columns: columns, stride: columns, precision: buffer.precision)
    }

    /// - Precondition: the view lies inside the buffer.
    package init(_ buffer: FloatBuffer, offset: Int = 0, rows: Int, columns: Int) {
        precondition(offset >= 0 && rows >= 0 && columns >= 0 && offset + rows * columns <= buffer.count)
        self.init(
            pointer: UnsafeMutableRawPointer(buffer.pointer + offset), rows: rows, columns: columns, stride: columns,
            precision: .fp32)
    }

    package func rows(_ range: Range<Int>) -> NumberMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        return NumberMatrix(
            pointer: pointer + range.lowerBound * stride * precision.bytes, rows: range.count, columns: columns,
            stride: stride, precision: precision)
    }

    package func columns(_ range: Range<Int>) -> NumberMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
        return NumberMatrix(
            pointer: pointer + range.lowerBound * precision.bytes, rows: rows, columns: range.count, stride: stride,
            precision: precision)
    }

    /// The same rows as bf16 numbers that begin where the fp32 rows do.
    package func reinterpreted(as precision: NumberPrecision) -> NumberMatrix {
        precondition(self.precision == .fp32)
        return NumberMatrix(
            pointer: pointer, rows: rows, columns: columns, stride: stride * 4 / precision.bytes, precision: precision)
    }

    /// Memory of the same numbers in other rows.
    ///
    /// - Precondition: rows follow one another without gaps, and have room for them.
    package func reshaped(rows: Int, columns: Int) -> NumberMatrix {
        precondition(
            stride == self.columns && rows * columns <= self.rows * self.columns, "\(shape) as \(rows) x \(columns)")
        return NumberMatrix(pointer: pointer, rows: rows, columns: columns, stride: columns, precision: precision)
    }

    package func zero() {
        for row in 0..<rows {
            (pointer + row * stride * precision.bytes).initializeMemory(
                as: UInt8.self, repeating: 0, count: columns * precision.bytes)
        }
    }

    /// Numbers as fp32, row by row.
    package func copy() -> [Float] {
        (0..<rows).flatMap { row in
            (0..<columns).map { column in
                let place = pointer + (row * stride + column) * precision.bytes
                return precision == .fp32
                    ? place.load(as: Float.self) : Float(bitPattern: UInt32(place.load(as: UInt16.self)) << 16)
            }
        }
    }

    var floats: UnsafeMutablePointer<Float> {
        precondition(precision == .fp32)
        return pointer.assumingMemoryBound(to: Float.self)
    }

    /// - Precondition: rows follow one another without gaps.
    var contiguousFloats: UnsafeMutablePointer<Float> {
        precondition(stride == columns || rows <= 1, "rows of \(columns) every \(stride)")
        return floats
    }

    var values: dk_values { dk_values(data: pointer, row: Int64(stride), bfloat: precision.isBFloat) }
    var shape: String { "\(rows) x \(columns)" }
}
