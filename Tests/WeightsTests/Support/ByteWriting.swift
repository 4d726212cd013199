extension [UInt8] {
    mutating func little<T: FixedWidthInteger>(_ value: T) {
        for index in 0..<MemoryLayout<T>.size { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }

    /// A GGUF string; `length` replaces the true one.
    mutating func string(_ bytes: some Collection<UInt8>, length: UInt64? = nil) {
        little(length ?? UInt64(bytes.count))
        append(contentsOf: bytes)
    }

    mutating func string(_ text: String, length: UInt64? = nil) { string(Array(text.utf8), length: length) }

    static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.little(value)
        return bytes
    }

    /// The body of a GGUF array.
    static func array(of type: UInt32, count: UInt64, _ body: [UInt8]) -> [UInt8] {
        little(type) + little(count) + body
    }

    /// The body of a GGUF array of strings.
    static func strings(_ texts: [String]) -> [UInt8] {
        var body: [UInt8] = []
        for text in texts { body.string(text) }
        return array(of: 8, count: UInt64(texts.count), body)
    }
}
