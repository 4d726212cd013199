import Kernels

/// An array of GGUF metadata. Its elements stay as the file has them and are decoded when asked for, so that
/// opening a file with a vocabulary of 262,144 tokens does not make 262,144 strings.
///
///     file.metadata["tokenizer.ggml.tokens"]?.array?.strings
///
/// The bytes were checked when the file was opened: there are `count` elements, and each lies inside.
public struct MetadataArray: Sendable {
    /// The elements' type.
    public let kind: MetadataKind
    public let count: Int
    /// The elements, encoded as in the file.
    let body: ByteView

    init(kind: MetadataKind, count: Int, body: ByteView) {
        self.kind = kind
        self.count = count
        self.body = body
    }

    /// The strings, nil when the elements are of another type. What is not UTF-8 becomes U+FFFD.
    public var strings: [String]? {
        guard kind == .string else { return nil }
        var result: [String] = []
        result.reserveCapacity(count)
        return forEachStringRange { result.append(body[$0].text) } ? result : nil
    }

    /// The strings' bytes, valid UTF-8 or not.
    public var byteStrings: [[UInt8]]? {
        guard kind == .string else { return nil }
        var result: [[UInt8]] = []
        result.reserveCapacity(count)
        return forEachStringRange { result.append(body[$0].copy()) } ? result : nil
    }

    /// The integers of any width, nil when the elements are of another type or one is above 2^63 - 1.
    public var ints: [Int]? {
        switch kind {
        case .uint8: integers(UInt8.self)
        case .int8: integers(Int8.self)
        case .uint16: integers(UInt16.self)
        case .int16: integers(Int16.self)
        case .uint32: integers(UInt32.self)
        case .int32: integers(Int32.self)
        case .uint64: integers(UInt64.self)
        case .int64: integers(Int64.self)
        case .float32, .float64, .bool, .string, .array: nil
        }
    }

    /// The numbers of an array of float32 or float64 (rounded), nil when the elements are of another type.
    public var floats: [Float]? {
        switch kind {
        case .float32: (0..<count).map { body.load(at: $0 * 4, as: Float.self) }
        case .float64: (0..<count).map { Float(body.load(at: $0 * 8, as: Double.self)) }
        default: nil
        }
    }

    public var bools: [Bool]? {
        kind == .bool ? (0..<count).map { body[$0] != 0 } : nil
    }

    /// The arrays of an array of arrays.
    public var arrays: [MetadataArray]? {
        guard kind == .array else { return nil }
        // The limits were kept when the whole was checked; here only the ends of the elements are found again.
        var parser = MetadataParser(
            reader: ByteReader(body, FileContext(operation: "read the nested array of", file: "metadata")),
            limits: WeightsLimits())
        parser.limits.arrayElementsMax = .max
        parser.limits.stringBytesMax = .max
        parser.limits.arrayDepthMax = .max
        var result: [MetadataArray] = []
        for _ in 0..<count {
            guard let element = try? parser.array("element", depth: 1) else { return nil }
            result.append(element)
        }
        return result
    }

    private func integers<T: FixedWidthInteger>(_: T.Type) -> [Int]? {
        var result: [Int] = []
        result.reserveCapacity(count)
        for index in 0..<count {
            guard let value = Int(exactly: body.load(at: index * MemoryLayout<T>.size, as: T.self)) else { return nil }
            result.append(value)
        }
        return result
    }

    /// False when the lengths no longer fit: another process may write into a mapped file.
    private func forEachStringRange(_ visit: (Range<Int>) -> Void) -> Bool {
        var offset = 0
        for _ in 0..<count {
            guard body.count - offset >= 8 else { return false }
            let length = body.load(at: offset, as: UInt64.self)
            offset += 8
            guard length <= UInt64(body.count - offset) else { return false }
            visit(offset..<offset + Int(length))
            offset += Int(length)
        }
        return true
    }
}
