/// Bounds on what the parser accepts from a file or a client.
public struct JSONLimits: Sendable {
    /// How deep arrays and objects may nest.
    public var depthMax: Int
    /// How many bytes of text are read at all.
    public var bytesMax: Int

    /// Whether an object may have a member twice; the last value counts then.
    public var allowsRepeatedKeys: Bool

    public init(depthMax: Int = 64, bytesMax: Int = 256 << 20, allowsRepeatedKeys: Bool = true) {
        self.depthMax = depthMax
        self.bytesMax = bytesMax
        self.allowsRepeatedKeys = allowsRepeatedKeys
    }
}

/// Why a text is not JSON, and where.
public struct JSONError: Error, CustomStringConvertible, Equatable {
    /// Bytes before the fault.
    public let offset: Int
    public let reason: String

    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    public var description: String { "not valid JSON at byte \(offset): \(reason)" }
}

extension JSONValue {
    /// Reads one JSON value that fills the whole text.
    ///
    /// Numbers without fraction and exponent that fit 64 bits become `.int`, others `.double`.
    /// An unpaired surrogate escape becomes U+FFFD. Throws `JSONError`.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws {
        var text = text
        self = try text.withUTF8 { try Self.parse($0, limits) }
    }

    /// Reads one JSON value from UTF-8 bytes; a byte order mark at the start is passed over.
    public init(parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws {
        if let value = try bytes.withContiguousStorageIfAvailable({ try Self.parse($0, limits) }) {
            self = value
        } else {
            self = try Array(bytes).withUnsafeBufferPointer { try Self.parse($0, limits) }
        }
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) throws -> JSONValue {
        guard bytes.count <= limits.bytesMax else {
            throw JSONError(offset: 0, reason: "\(bytes.count) bytes, the limit is \(limits.bytesMax)")
        }
        var parser = JSONParser(bytes: bytes, limits: limits)
        return try parser.document()
    }
}

/// Recursive descent over bytes; recursion is bounded by `limits.depthMax`.
private struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func document() throws -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault("text after the value") }
        return value
    }

    private func fault(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        skipSpace()
        guard let byte = next else { throw fault("the text ends where a value should stand") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            (0..<word.utf8CodeUnitCount).allSatisfy({ word.utf8Start[$0] == bytes[position + $0] })
        else { throw fault("expected a value") }
        position = end
        return value
    }

    private func checkDepth(_ depth: Int) throws {
        guard depth <= limits.depthMax else { throw fault("nested deeper than \(limits.depthMax)") }
    }

    private mutating func array(depth: Int) throws -> [JSONValue] {
        try checkDepth(depth)
        position += 1
        var items: [JSONValue] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            position += 1
            return items
        }
        while true {
            items.append(try value(depth: depth))
            if try !separator(closing: UInt8(ascii: "]")) { return items }
        }
    }

    private mutating func object(depth: Int) throws -> JSONObject {
        try checkDepth(depth)
        position += 1
        var object = JSONObject()
        skipSpace()
        if next == UInt8(ascii: "}") {
            position += 1
            return object
        }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("expected a member's name in quotes") }
            let key = try string()
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw fault("expected ':' after a member's name") }
            position += 1
            guard limits.allowsRepeatedKeys || object[key] == nil else { throw fault("a member's name is repeated") }
            object[key] = try value(depth: depth)
            if try !separator(closing: UInt8(ascii: "}")) { return object }
        }
    }

    /// True after a comma, false after the closing bracket.
    private mutating func separator(closing: UInt8) throws -> Bool {
        skipSpace()
        guard let byte = next, byte == UInt8(ascii: ",") || byte == closing else {
            throw fault("expected ',' or '\(Character(UnicodeScalar(closing)))'")
        }
        position += 1
        return byte != closing
    }

    private mutating func number() throws -> JSONValue {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        guard whole > 0 else {
            position = start
            throw fault("expected a value")
        }
        guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw fault("a number starts with 0") }
        var isWhole = true
        if next == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            guard digits() > 0 else { throw fault("expected a digit after '.'") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw fault("expected a digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let int = Int(text) { return .int(int) }
        guard let double = Double(text), double.isFinite else {
            throw fault("the number \(text.prefix(40)) is too large")
        }
        return .double(double)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, byte >= 0x30, byte <= 0x39 { position += 1 }
        return position - start
    }

    private mutating func string() throws -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try validated(bytes[start..<position], at: start)
        }
        return try stringWithEscapes(from: start)
    }

    private mutating func stringWithEscapes(from start: Int) throws -> String {
        var text = Array(bytes[start..<position])
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try validated(text[...], at: start)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw fault("a control character inside a string")
            default: text.append(byte)
            }
        }
        throw fault("a string without end")
    }

    private func validated(_ text: some Collection<UInt8>, at start: Int) throws -> String {
        guard let string = String(validating: text, as: UTF8.self) else {
            throw JSONError(offset: start, reason: "a string is not valid UTF-8")
        }
        return string
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let byte = next else { throw fault("a string without end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: Array(Character(try scalar()).utf8))
        default: throw fault("an unknown escape in a string")
        }
    }

    /// The scalar of `\uXXXX`, joined with the low surrogate that follows a high one.
    private mutating func scalar() throws -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let before = position
            position += 2
            let second = try hexadecimal()
            if (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
            }
            position = before
        }
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard position + 4 <= bytes.count else { throw fault("an unfinished \\u escape") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue else {
                throw fault("expected four hexadecimal digits after \\u")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
