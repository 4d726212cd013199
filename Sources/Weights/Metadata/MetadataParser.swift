import Kernels

/// Reads keys and values; every length is checked before anything is allocated or looped over.
struct MetadataParser {
    var reader: ByteReader
    var limits: WeightsLimits
    /// What is left of `arrayElementsMax` for the array being read and all within it.
    private var elementsLeft = 0

    init(reader: ByteReader, limits: WeightsLimits) {
        self.reader = reader
        self.limits = limits
    }

    private var context: FileContext { reader.context }

    mutating func metadata(count: Int) throws(WeightsError) -> Metadata {
        var metadata = Metadata()
        for index in 0..<count {
            let key = try key(index)
            let kind = try kind("the type of key \(shown(key))")
            let value = try value(kind, "key \(shown(key))")
            guard metadata.add(key, value) else {
                throw context.malformed("key \(shown(key))", expected: "each key once", actual: "it twice")
            }
        }
        return metadata
    }

    private mutating func key(_ index: Int) throws(WeightsError) -> String {
        let bytes = try reader.stringBytes("metadata key \(index)", "keyBytesMax", limits.keyBytesMax)
        guard let key = bytes.validText, !key.isEmpty else {
            throw context.malformed(
                "metadata key \(index)", expected: "a name in UTF-8",
                actual: "\(bytes.count) bytes \(shown(bytes.text))")
        }
        return key
    }

    private mutating func kind(_ field: @autoclosure () -> String) throws(WeightsError) -> MetadataKind {
        let number: UInt32 = try reader.integer(field())
        guard let kind = MetadataKind(rawValue: number) else {
            throw context.malformed(field(), expected: "a type from 0 to 12", actual: "\(number)")
        }
        return kind
    }

    private mutating func value(_ kind: MetadataKind, _ field: String) throws(WeightsError) -> MetadataValue {
        switch kind {
        case .uint8: return .uint8(try reader.integer(field))
        case .int8: return .int8(try reader.integer(field))
        case .uint16: return .uint16(try reader.integer(field))
        case .int16: return .int16(try reader.integer(field))
        case .uint32: return .uint32(try reader.integer(field))
        case .int32: return .int32(try reader.integer(field))
        case .uint64: return .uint64(try reader.integer(field))
        case .int64: return .int64(try reader.integer(field))
        case .float32: return .float32(Float(bitPattern: try reader.integer(field)))
        case .float64: return .float64(Double(bitPattern: try reader.integer(field)))
        case .bool: return .bool(try bool(field))
        case .string: return .string(try reader.stringBytes(field, "stringBytesMax", limits.stringBytesMax).text)
        case .array:
            elementsLeft = limits.arrayElementsMax
            return .array(try array(field, depth: 1))
        }
    }

    private mutating func bool(_ field: String) throws(WeightsError) -> Bool {
        let byte: UInt8 = try reader.integer(field)
        guard byte <= 1 else { throw context.malformed(field, expected: "0 or 1 for a bool", actual: "\(byte)") }
        return byte == 1
    }

    /// Passes over an array and checks it; `depth` is 1 for an array that is no element of another.
    mutating func array(_ field: String, depth: Int) throws(WeightsError) -> MetadataArray {
        guard depth <= limits.arrayDepthMax else {
            throw context.overLimit("\(field), nested arrays", "arrayDepthMax", limits.arrayDepthMax, actual: depth)
        }
        let kind = try kind("\(field), the elements' type")
        let elements = try reader.count(
            "\(field), number of elements", "arrayElementsMax", limits.arrayElementsMax, bytesEach: kind.bytesMin)
        if depth == 1 { elementsLeft = limits.arrayElementsMax }
        guard elements <= elementsLeft else {
            throw context.overLimit(
                "\(field), elements with those of nested arrays", "arrayElementsMax", limits.arrayElementsMax,
                actual: "more")
        }
        elementsLeft -= elements
        let start = reader.offset
        switch kind {
        case .string: try skipStrings(elements, field)
        case .array: for _ in 0..<elements { _ = try array(field, depth: depth + 1) }
        default: try reader.skip(elements * kind.bytesMin, field)
        }
        let body = reader.bytes[start..<reader.offset]
        if kind == .bool { try checkBools(body, field) }
        return MetadataArray(kind: kind, count: elements, body: body)
    }

    private mutating func skipStrings(_ elements: Int, _ field: String) throws(WeightsError) {
        for index in 0..<elements {
            let length = try reader.count(
                "\(field), length of element \(index)", "stringBytesMax", limits.stringBytesMax, bytesEach: 1)
            try reader.skip(length, field)
        }
    }

    private func checkBools(_ body: ByteView, _ field: String) throws(WeightsError) {
        for index in 0..<body.count where body[index] > 1 {
            throw context.malformed(
                "\(field), element \(index)", expected: "0 or 1 for a bool", actual: "\(body[index])")
        }
    }
}
