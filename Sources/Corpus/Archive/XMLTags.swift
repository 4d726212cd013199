/// Walks the start tags of small XML documents whose shape is known; names without their prefix.
struct XMLTags: Sequence, IteratorProtocol {
    struct Tag {
        var name: String
        var attributes: [String: String]
        /// Up to the next tag.
        var text: String
    }

    private var rest: Substring

    init(_ bytes: [UInt8]) { rest = String(decoding: bytes, as: UTF8.self)[...] }

    mutating func next() -> Tag? {
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            guard let first = rest.first, first.isLetter, let close = rest.firstIndex(of: ">") else { continue }
            let body = rest[..<close]
            rest = rest[rest.index(after: close)...]
            let name = body.prefix { !$0.isWhitespace && $0 != "/" }
            return Tag(
                name: Self.local(name), attributes: Self.attributes(body.dropFirst(name.count)),
                text: Self.decoded(rest.prefix { $0 != "<" }))
        }
        return nil
    }

    private static func local(_ name: Substring) -> String {
        String(name.split(separator: ":").last ?? name)
    }

    private static func attributes(_ text: Substring) -> [String: String] {
        var attributes: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].trimmed
            rest = rest[rest.index(after: equals)...].drop { $0.isWhitespace }
            guard let quote = rest.first, quote == "\"" || quote == "'" else { break }
            rest = rest.dropFirst()
            let value = rest.prefix { $0 != quote }
            attributes[local(name[...])] = decoded(value)
            rest = rest.dropFirst(value.count + 1)
        }
        return attributes
    }

    private static func decoded(_ text: Substring) -> String {
        var text = text.trimmed
        for (name, letter) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
            if text.contains("&") { text = text.replacing(name, with: letter) }
        }
        return text
    }
}
