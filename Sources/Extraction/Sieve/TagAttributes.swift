/// Where in the page the attributes lie that say something; empty for those that are not there.
struct TagAttributes {
    var className = 0..<0
    var id = 0..<0
    var role = 0..<0
    var style = 0..<0
    var href = 0..<0
    var content = 0..<0
    /// `property`, `name`, `itemprop` or `http-equiv`.
    var name = 0..<0
    var itemprop = 0..<0
    var datetime = 0..<0
    var language = 0..<0
    var type = 0..<0
    var isHidden = false
    /// `<x/>`, which means an empty element in XHTML and nothing in HTML.
    var isClosed = false

    mutating func set(_ bytes: UnsafeBufferPointer<UInt8>, _ key: Range<Int>, _ value: Range<Int>) {
        guard let first = key.first.map({ bytes[$0] | 0x20 }) else { return }
        switch (first, key.count) {
        case (UInt8(ascii: "c"), 5) where Self.isEqual(bytes, key, "class"): className = value
        case (UInt8(ascii: "i"), 2) where Self.isEqual(bytes, key, "id"): id = value
        case (UInt8(ascii: "h"), 4) where Self.isEqual(bytes, key, "href"): href = value
        case (UInt8(ascii: "r"), 4) where Self.isEqual(bytes, key, "role"): role = value
        case (UInt8(ascii: "s"), 5) where Self.isEqual(bytes, key, "style"): style = value
        case (UInt8(ascii: "c"), 7) where Self.isEqual(bytes, key, "content"): content = value
        case (UInt8(ascii: "n"), 4) where Self.isEqual(bytes, key, "name"),
            (UInt8(ascii: "p"), 8) where Self.isEqual(bytes, key, "property"),
            (UInt8(ascii: "h"), 10) where Self.isEqual(bytes, key, "http-equiv"):
            name = value
        case (UInt8(ascii: "i"), 8) where Self.isEqual(bytes, key, "itemprop"):
            itemprop = value
            if name.isEmpty { name = value }
        case (UInt8(ascii: "d"), 8) where Self.isEqual(bytes, key, "datetime"): datetime = value
        case (UInt8(ascii: "l"), 4) where Self.isEqual(bytes, key, "lang"),
            (UInt8(ascii: "x"), 8) where Self.isEqual(bytes, key, "xml:lang"):
            language = value
        case (UInt8(ascii: "t"), 4) where Self.isEqual(bytes, key, "type"): type = value
        case (UInt8(ascii: "h"), 6) where Self.isEqual(bytes, key, "hidden"): isHidden = true
        case (UInt8(ascii: "a"), 11) where Self.isEqual(bytes, key, "aria-hidden"):
            isHidden = isHidden || Self.isEqual(bytes, value, "true")
        default: break
        }
    }

    /// Letters of ASCII are equal in both cases.
    static func isEqual(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count {
            let byte = bytes[range.lowerBound + offset]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            guard lower == word.utf8Start[offset] else { return false }
        }
        return true
    }
}
