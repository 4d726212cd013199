/// Walks the members of one object without building values: of a line of a corpus one member is wanted, and it is long.
///
/// Takes what it passes over as it stands: `JSONValue` says what is wrong with a line that this cannot follow.
struct JSONMembers {
    enum Kind { case string, object, array, other }

    struct Member {
        /// Without the quotation marks, escapes as they stand.
        var key: Range<Int>
        /// Of a string without the quotation marks.
        var value: Range<Int>
        var kind: Kind
    }

    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var isFirst = true
    /// Whether the bytes stopped being an object.
    private(set) var isBroken = false
    private static let depthMax = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Nil after the last, or where the object is broken.
    mutating func next() -> Member? {
        guard !isBroken, let member = advance() else { return nil }
        return member
    }

    private mutating func advance() -> Member? {
        skipSpace()
        if isFirst {
            guard take(UInt8(ascii: "{")) else { return fail() }
        } else if byte != UInt8(ascii: "}") {
            guard take(UInt8(ascii: ",")) else { return fail() }
        }
        skipSpace()
        if byte == UInt8(ascii: "}") {
            position += 1
            skipSpace()
            if position < bytes.count { isBroken = true }
            return nil
        }
        isFirst = false
        guard take(UInt8(ascii: "\"")), let key = string() else { return fail() }
        skipSpace()
        guard take(UInt8(ascii: ":")) else { return fail() }
        skipSpace()
        guard let (value, kind) = value() else { return fail() }
        return Member(key: key, value: value, kind: kind)
    }

    private mutating func fail() -> Member? {
        isBroken = true
        return nil
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ expected: UInt8) -> Bool {
        guard byte == expected else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// What lies before the quotation mark that ends the string begun at `position`.
    private mutating func string() -> Range<Int>? {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<(position - 1)
            }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    private mutating func value() -> (Range<Int>, Kind)? {
        let start = position
        switch byte {
        case UInt8(ascii: "\""):
            position += 1
            return string().map { ($0, .string) }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let kind: Kind = byte == UInt8(ascii: "{") ? .object : .array
            return skipNested() ? (start..<position, kind) : nil
        default:
            while let byte, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"), byte > 0x20 { position += 1 }
            return position > start ? (start..<position, .other) : nil
        }
    }

    private mutating func skipNested() -> Bool {
        var depth = 0
        while let byte {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): guard string() != nil else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= Self.depthMax else { return false }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return true }
            default: break
            }
        }
        return false
    }

    func isKey(_ member: Member, _ name: [UInt8]) -> Bool { bytes[member.key].elementsEqual(name) }

    /// The characters of a string; nil where an escape is broken. An unpaired surrogate becomes U+FFFD.
    func text(_ range: Range<Int>) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let end = bytes[index..<range.upperBound].firstIndex(of: UInt8(ascii: "\\")) ?? range.upperBound
            text += bytes[index..<end]
            index = end
            guard index < range.upperBound else { break }
            guard index + 1 < range.upperBound else { return nil }
            let escaped = bytes[index + 1]
            index += 2
            switch escaped {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(&index, range.upperBound) else { return nil }
                text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            default: return nil
            }
        }
        return text
    }

    /// The scalar whose four digits begin at `index`, with the second half of a pair.
    private func scalar(_ index: inout Int, _ end: Int) -> Unicode.Scalar? {
        guard let unit = hexadecimal(index, end) else { return nil }
        index += 4
        if (0xD800..<0xDC00).contains(unit), index + 6 <= end, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u"), let low = hexadecimal(index + 2, end),
            (0xDC00..<0xE000).contains(low)
        {
            index += 6
            return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        }
        return Unicode.Scalar(unit) ?? "\u{FFFD}"
    }

    private func hexadecimal(_ index: Int, _ end: Int) -> UInt32? {
        guard index + 4 <= end else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<(index + 4)] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32(byte & 0x0F + 9)
            default: return nil
            }
        }
        return value
    }
}
