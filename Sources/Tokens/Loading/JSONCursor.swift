import JSON

/// Walks over JSON bytes without building values, for the parts of a tokenizer.json that are large, and whose keys may
/// not be compared as Swift strings: "é" in one scalar and in two are different tokens.
struct JSONCursor {
    let bytes: [UInt8]
    var position: Int
    private let end: Int
    private let depthMax: Int

    init(_ bytes: [UInt8], _ range: Range<Int>, depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
        position = range.lowerBound
        end = range.upperBound
    }

    /// Calls `member` at the value of each member; it must move past the value.
    mutating func forEachMember(_ member: (inout JSONCursor, [UInt8]) throws(TokensError) -> Void) throws(TokensError) {
        try expect(0x7B)
        var key: [UInt8] = []
        if take(0x7D) { return }
        repeat {
            key.removeAll(keepingCapacity: true)
            try string(into: &key)
            try expect(0x3A)
            try member(&self, key)
        } while take(0x2C)
        try expect(0x7D)
    }

    /// Calls `element` at each element; it must move past it.
    mutating func forEachElement(_ element: (inout JSONCursor) throws(TokensError) -> Void) throws(TokensError) {
        try expect(0x5B)
        if take(0x5D) { return }
        repeat { try element(&self) } while take(0x2C)
        try expect(0x5D)
    }

    /// Whether the next value begins with this byte; does not move.
    mutating func isAt(_ byte: UInt8) -> Bool {
        skipSpace()
        return position < end && bytes[position] == byte
    }

    /// Moves past a byte if it is next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard isAt(byte) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(TokensError) {
        guard take(byte) else {
            throw fault("\"\(Character(Unicode.Scalar(byte)))\"")
        }
    }

    /// Appends the UTF-8 of a string; an unpaired surrogate escape becomes U+FFFD.
    mutating func string(into output: inout [UInt8]) throws(TokensError) {
        try expect(0x22)
        while position < end {
            let byte = bytes[position]
            position += 1
            switch byte {
            case 0x22: return
            case 0x5C: try escape(into: &output)
            case ..<0x20: throw fault("no control characters in a string")
            default: output.append(byte)
            }
        }
        throw fault("the end of a string")
    }

    /// A whole number.
    mutating func integer() throws(TokensError) -> Int {
        guard let value = Int(try numberText()) else { throw fault("a whole number") }
        return value
    }

    mutating func double() throws(TokensError) -> Double {
        guard let value = Double(try numberText()) else { throw fault("a number") }
        return value
    }

    /// Moves past a value and returns where it is.
    mutating func skipValue() throws(TokensError) -> Range<Int> {
        skipSpace()
        let start = position
        var depth = 0
        repeat {
            skipSpace()
            guard position < end else { throw fault("a value") }
            switch bytes[position] {
            case 0x7B, 0x5B:
                depth += 1
                guard depth <= depthMax else { throw .tooLarge(what: "JSON nesting", limit: depthMax, found: depth) }
                position += 1
            case 0x7D, 0x5D:
                depth -= 1
                position += 1
            case 0x22:
                try skipString()
            // Between values no space need stand.
            case 0x2C, 0x3A: position += 1
            default:
                position += 1
                while position < end, !Self.endsWord(bytes[position]) { position += 1 }
            }
        } while depth > 0
        return start..<position
    }

    /// Moves past a value and parses it.
    mutating func value() throws(TokensError) -> JSONValue {
        let range = try skipValue()
        do {
            return try JSONValue(parsing: bytes[range], limits: JSONLimits(depthMax: depthMax))
        } catch {
            throw .malformed(what: "tokenizer.json", expected: "JSON", found: "\(error)")
        }
    }

    // MARK: Helpers

    private mutating func skipString() throws(TokensError) {
        position += 1
        while position < end {
            let byte = bytes[position]
            position += byte == 0x5C ? 2 : 1
            if byte == 0x22 { return }
        }
        position = end
        throw fault("the end of a string")
    }

    private mutating func numberText() throws(TokensError) -> String {
        skipSpace()
        let start = position
        while position < end, !Self.endsWord(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte == 0x2C || byte == 0x5D || byte == 0x7D || byte == 0x3A || byte <= 0x20
    }

    private mutating func skipSpace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func escape(into output: inout [UInt8]) throws(TokensError) {
        guard position < end else { throw fault("an escape") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: output.append(byte)
        case 0x62: output.append(0x08)
        case 0x66: output.append(0x0C)
        case 0x6E: output.append(0x0A)
        case 0x72: output.append(0x0D)
        case 0x74: output.append(0x09)
        case 0x75:
            var scalar = try hex4()
            if (0xD800..<0xDC00).contains(scalar), position + 6 <= end, bytes[position] == 0x5C,
                bytes[position + 1] == 0x75
            {
                let mark = position
                position += 2
                let low = try hex4()
                if (0xDC00..<0xE000).contains(low) {
                    scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00)
                } else {
                    position = mark
                }
            }
            LenientUTF8.append((0xD800..<0xE000).contains(scalar) ? 0xFFFD : scalar, to: &output)
        default: throw fault("a known escape")
        }
    }

    private mutating func hex4() throws(TokensError) -> UInt32 {
        guard position + 4 <= end,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits") }
        position += 4
        return value
    }

    private func fault(_ expected: String) -> TokensError {
        let shown = bytes[min(position, end)..<min(position + 24, end)]
        return .malformed(
            what: "tokenizer.json at byte \(position)", expected: expected,
            found: String(decoding: shown, as: UTF8.self))
    }
}
