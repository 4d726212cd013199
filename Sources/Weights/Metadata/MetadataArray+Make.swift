import Kernels

/// Arrays for files to be written.
extension MetadataArray {
    public init(_ values: [String]) {
        var body: [UInt8] = []
        for value in values { body.appendString(value) }
        self.init(kind: .string, count: values.count, body: ByteView(copying: body))
    }

    public init(_ values: [Bool]) {
        self.init(kind: .bool, count: values.count, body: ByteView(copying: values.map { $0 ? 1 : 0 }))
    }

    public init(_ values: [Float]) { self.init(kind: .float32, encoding: values.map(\.bitPattern)) }
    public init(_ values: [Double]) { self.init(kind: .float64, encoding: values.map(\.bitPattern)) }
    public init(_ values: [UInt8]) { self.init(kind: .uint8, encoding: values) }
    public init(_ values: [Int8]) { self.init(kind: .int8, encoding: values) }
    public init(_ values: [UInt16]) { self.init(kind: .uint16, encoding: values) }
    public init(_ values: [Int16]) { self.init(kind: .int16, encoding: values) }
    public init(_ values: [UInt32]) { self.init(kind: .uint32, encoding: values) }
    public init(_ values: [Int32]) { self.init(kind: .int32, encoding: values) }
    public init(_ values: [UInt64]) { self.init(kind: .uint64, encoding: values) }
    public init(_ values: [Int64]) { self.init(kind: .int64, encoding: values) }

    public init(_ arrays: [MetadataArray]) {
        var body: [UInt8] = []
        for array in arrays {
            body.appendInteger(array.kind.rawValue)
            body.appendInteger(UInt64(array.count))
            body += array.body.copy()
        }
        self.init(kind: .array, count: arrays.count, body: ByteView(copying: body))
    }

    private init<T: FixedWidthInteger>(kind: MetadataKind, encoding values: [T]) {
        var body: [UInt8] = []
        body.reserveCapacity(values.count * MemoryLayout<T>.size)
        for value in values { body.appendInteger(value) }
        self.init(kind: kind, count: values.count, body: ByteView(copying: body))
    }
}

extension [UInt8] {
    /// Little-endian, as GGUF has it.
    mutating func appendInteger<T: FixedWidthInteger>(_ value: T) {
        for index in 0..<MemoryLayout<T>.size { append(UInt8(truncatingIfNeeded: value >> (index * 8))) }
    }

    mutating func appendString(_ text: String) {
        appendInteger(UInt64(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}
