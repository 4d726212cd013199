extension JSONValue {
    /// How a value is written as text.
    public struct Format: Sendable {
        /// Spaces for each level; nil writes everything on one line.
        public var indent: Int?
        public var itemSeparator: String
        public var keySeparator: String
        public var sortsKeys: Bool

        public init(
            indent: Int? = nil, itemSeparator: String = ",", keySeparator: String = ":", sortsKeys: Bool = false
        ) {
            self.indent = indent
            self.itemSeparator = itemSeparator
            self.keySeparator = keySeparator
            self.sortsKeys = sortsKeys
        }

        public static let compact = Format()
        public static let pretty = Format(indent: 2, keySeparator: ": ")
        /// What Python's `json.dumps(value, ensure_ascii=False)` writes.
        public static let python = Format(itemSeparator: ", ", keySeparator: ": ")
    }

    /// The value as JSON text; characters outside ASCII are written as they are.
    public func serialized(_ format: Format = .compact) -> String {
        var text = ""
        write(to: &text, format, level: 0)
        return text
    }

    private func write(to text: inout String, _ format: Format, level: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        // JSON has no infinities; Python's spelling is refused by most readers, so null.
        case .double(let value): text += value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.quote(value, to: &text)
        case .array(let items):
            Self.writeList(items, open: "[", close: "]", to: &text, format, level) { item, text in
                item.write(to: &text, format, level: level + 1)
            }
        case .object(let object):
            let members = format.sortsKeys ? object.sorted { $0.key < $1.key } : Array(object)
            Self.writeList(members, open: "{", close: "}", to: &text, format, level) { member, text in
                Self.quote(member.key, to: &text)
                text += format.keySeparator
                member.value.write(to: &text, format, level: level + 1)
            }
        }
    }

    private static func writeList<Item>(
        _ items: [Item], open: String, close: String, to text: inout String, _ format: Format, _ level: Int,
        write: (Item, inout String) -> Void
    ) {
        guard !items.isEmpty else {
            text += open + close
            return
        }
        text += open
        for (place, item) in items.enumerated() {
            if place > 0 { text += format.indent == nil ? format.itemSeparator : "," }
            if let indent = format.indent { text += "\n" + String(repeating: " ", count: indent * (level + 1)) }
            write(item, &text)
        }
        if let indent = format.indent { text += "\n" + String(repeating: " ", count: indent * level) }
        text += close
    }

    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{08}": text += "\\b"
            case "\u{0C}": text += "\\f"
            case "\u{00}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
