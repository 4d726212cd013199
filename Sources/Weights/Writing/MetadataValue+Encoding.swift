extension [UInt8] {
    /// The value as a GGUF file has it, its type before it.
    mutating func appendValue(_ value: MetadataValue) {
        appendInteger(value.kind.rawValue)
        switch value {
        case .uint8(let number): appendInteger(number)
        case .int8(let number): appendInteger(number)
        case .uint16(let number): appendInteger(number)
        case .int16(let number): appendInteger(number)
        case .uint32(let number): appendInteger(number)
        case .int32(let number): appendInteger(number)
        case .uint64(let number): appendInteger(number)
        case .int64(let number): appendInteger(number)
        case .float32(let number): appendInteger(number.bitPattern)
        case .float64(let number): appendInteger(number.bitPattern)
        case .bool(let flag): append(flag ? 1 : 0)
        case .string(let text): appendString(text)
        case .array(let array):
            appendInteger(array.kind.rawValue)
            appendInteger(UInt64(array.count))
            append(contentsOf: array.body.copy())
        }
    }
}
