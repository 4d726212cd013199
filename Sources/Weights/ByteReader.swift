import Kernels

/// Reads a file from front to back. Nothing is read past the end: what is missing is an error that names the field.
struct ByteReader {
    let bytes: ByteView
    let context: FileContext
    private(set) var offset = 0

    init(_ bytes: ByteView, _ context: FileContext) {
        self.bytes = bytes
        self.context = context
    }

    var remaining: Int { bytes.count - offset }

    mutating func integer<T: FixedWidthInteger>(_ field: @autoclosure () -> String) throws(WeightsError) -> T {
        try require(MemoryLayout<T>.size, field())
        defer { offset += MemoryLayout<T>.size }
        return bytes.load(at: offset, as: T.self)
    }

    /// An unsigned 64-bit count or length that must not exceed `maximum`, nor what the rest of the file can hold
    /// when each counted thing takes at least `bytesEach` bytes.
    mutating func count(
        _ field: @autoclosure () -> String, _ limit: String, _ maximum: Int, bytesEach: Int
    ) throws(WeightsError) -> Int {
        let value: UInt64 = try integer(field())
        guard value <= UInt64(remaining / bytesEach) else {
            throw context.truncated(
                field(), expected: "at least \(bytesEach) bytes for each of \(value)",
                actual: "\(remaining) bytes to the end of the file")
        }
        guard value <= UInt64(maximum) else { throw context.overLimit(field(), limit, maximum, actual: value) }
        return Int(value)
    }

    mutating func take(_ count: Int, _ field: @autoclosure () -> String) throws(WeightsError) -> ByteView {
        try require(count, field())
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    mutating func skip(_ count: Int, _ field: @autoclosure () -> String) throws(WeightsError) {
        try require(count, field())
        offset += count
    }

    /// A length of 64 bits and as many bytes.
    mutating func stringBytes(
        _ field: @autoclosure () -> String, _ limit: String, _ maximum: Int
    ) throws(WeightsError) -> ByteView {
        let length = try count("\(field()), length", limit, maximum, bytesEach: 1)
        return try take(length, field())
    }

    private func require(_ count: Int, _ field: @autoclosure () -> String) throws(WeightsError) {
        guard count >= 0, count <= remaining else {
            throw context.truncated(
                field(), expected: "\(count) bytes at offset \(offset)", actual: "\(remaining) to the end of the file")
        }
    }
}

extension ByteView {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

    /// The bytes as text, nil when they are not UTF-8.
    var validText: String? { withUnsafeBytes { String(validating: $0, as: UTF8.self) } }
}
