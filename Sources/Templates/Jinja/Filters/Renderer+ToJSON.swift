extension Renderer {
    /// `json.dumps` with Hugging Face's defaults: other scripts are written as they are, `<` is not escaped.
    func toJSON(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        let given = try arguments.bind(["ensure_ascii", "indent", "separators", "sort_keys"], of: "tojson")
        var format = JSONFormat()
        format.isASCII = given[0]?.isTrue ?? false
        format.sortsKeys = given[3]?.isTrue ?? false
        switch given[1] ?? .none {
        case .none: break
        case .string(let text): format.indent = text
        case let indent:
            guard let width = indent.int else { throw misuse(of: indent, "the place of an indent") }
            try checkText(max(0, width))
            format.indent = Text(String(repeating: " ", count: max(0, width)))
        }
        if format.indent != nil { format.itemSeparator = Text(",") }
        if let separators = given[2], !separators.isNone {
            let pair = try elements(of: separators)
            guard pair.count == 2, let item = pair[0].text, let key = pair[1].text else {
                throw .fault("'tojson' needs two strings for separators")
            }
            (format.itemSeparator, format.keySeparator) = (item, key)
        }
        try charge(4)
        var text = Text()
        try write(value, to: &text, format, level: 0, isTrusted: true)
        text.isMarkup = false
        return .string(text)
    }

    private struct JSONFormat {
        var isASCII = false
        var sortsKeys = false
        var indent: Text?
        var itemSeparator = Text(", ")
        var keySeparator = Text(": ")
    }

    private func write(
        _ value: Value, to text: inout Text, _ format: JSONFormat, level: Int, isTrusted: Bool
    ) throws(TemplateError) {
        if text.count > limits.stringCharactersMax { try checkText(text.count) }
        try charge(2)
        switch value {
        case .none: text.append("null", isTrusted: isTrusted)
        case .bool(let value): text.append(value ? "true" : "false", isTrusted: isTrusted)
        case .int(let value): text.append(String(value), isTrusted: isTrusted)
        case .float(let value): text.append(number(value), isTrusted: isTrusted)
        case .string(let string): try writeQuoted(string, to: &text, format, isTrusted)
        case .list(let list) where !list.kind.isView:
            try writeList(list.items, "[", "]", to: &text, format, level, isTrusted && list.isTrusted) {
                (item, text, isTrusted) throws(TemplateError) in
                try write(item, to: &text, format, level: level + 1, isTrusted: isTrusted)
            }
        case .dict(let dict):
            let members = try members(of: dict, format)
            try writeList(members, "{", "}", to: &text, format, level, isTrusted && dict.isTrusted) {
                (member, text, isTrusted) throws(TemplateError) in
                try writeQuoted(try key(member.0, isTrusted), to: &text, format, isTrusted)
                text.append(
                    isTrusted ? format.keySeparator : Text(scalars: format.keySeparator.scalars, isTrusted: false))
                try write(member.1, to: &text, format, level: level + 1, isTrusted: isTrusted)
            }
        default: throw misuse(of: value, "being written as JSON")
        }
    }

    private func members(of dict: DictValue, _ format: JSONFormat) throws(TemplateError) -> [(Value, Value)] {
        let places = dict.keys.indices.map(Value.int)
        let order = format.sortsKeys ? try sorted(places, keys: dict.keys, descending: false) : places
        return order.map { place in
            let place = place.int ?? 0
            return (dict.keys[place], dict.values[place])
        }
    }

    private func key(_ key: Value, _ isTrusted: Bool) throws(TemplateError) -> Text {
        switch key {
        case .string(let text): return text
        case .none: return Text("null", isTrusted: isTrusted)
        case .bool(let value): return Text(value ? "true" : "false", isTrusted: isTrusted)
        case .int(let value): return Text(String(value), isTrusted: isTrusted)
        case .float(let value): return Text(number(value), isTrusted: isTrusted)
        default: throw misuse(of: key, "being a name in JSON")
        }
    }

    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return PythonNumber.text(value)
    }

    private func writeList<Item>(
        _ items: [Item], _ open: String, _ close: String, to text: inout Text, _ format: JSONFormat, _ level: Int,
        _ isTrusted: Bool, write: (Item, inout Text, Bool) throws(TemplateError) -> Void
    ) throws(TemplateError) {
        func append(_ part: Text) {
            text.append(isTrusted ? part : Text(scalars: part.scalars, isTrusted: false))
        }
        func breakLine(_ level: Int) throws(TemplateError) {
            guard let indent = format.indent else { return }
            text.append("\n", isTrusted: isTrusted)
            try checkText(text.count + indent.count * level)
            for _ in 0..<level { append(indent) }
        }
        text.append(open, isTrusted: isTrusted)
        for (place, item) in items.enumerated() {
            if place > 0 { append(format.itemSeparator) }
            try breakLine(level + 1)
            try write(item, &text, isTrusted)
        }
        if !items.isEmpty { try breakLine(level) }
        text.append(close, isTrusted: isTrusted)
    }

    private func writeQuoted(
        _ string: Text, to text: inout Text, _ format: JSONFormat, _ isTrusted: Bool
    ) throws(TemplateError) {
        let isTrusted = isTrusted && string.isWhollyTrusted
        if text.count + string.count > limits.stringCharactersMax { try checkText(text.count + string.count) }
        try charge(1 + (format.isASCII ? string.count : string.count / 4))
        text.append("\"", isTrusted: isTrusted)
        text.append(
            string.mapped { _, scalar, made in
                switch scalar {
                case "\"": made.append(contentsOf: "\\\"".unicodeScalars)
                case "\\": made.append(contentsOf: "\\\\".unicodeScalars)
                case "\n": made.append(contentsOf: "\\n".unicodeScalars)
                case "\r": made.append(contentsOf: "\\r".unicodeScalars)
                case "\t": made.append(contentsOf: "\\t".unicodeScalars)
                case "\u{08}": made.append(contentsOf: "\\b".unicodeScalars)
                case "\u{0C}": made.append(contentsOf: "\\f".unicodeScalars)
                case "\u{00}"..."\u{1F}": made.append(contentsOf: "\\u\(scalar.hexadecimal(width: 4))".unicodeScalars)
                default:
                    if format.isASCII, scalar.value > 0x7E {
                        for unit in UTF16.encode(scalar).map(Array.init) ?? [] { Self.escape(unit, &made) }
                    } else {
                        made.append(scalar)
                    }
                }
            })
        text.append("\"", isTrusted: isTrusted)
    }

    private static func escape(_ unit: UInt16, _ made: inout [Unicode.Scalar]) {
        made.append("\\")
        made.append("u")
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(unit >> UInt16(shift) & 15)
            made.append(Unicode.Scalar(digit < 10 ? 0x30 + digit : 0x57 + digit))
        }
    }
}
