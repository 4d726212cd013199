extension Renderer {
    /// `str(value)`
    func string(_ value: Value) throws(TemplateError) -> Text {
        switch value {
        case .string(let text): return text
        case .undefined: return Text()
        default:
            var text = Text()
            try write(value, to: &text, isTrusted: true)
            return text
        }
    }

    /// `repr(value)`
    func represented(_ value: Value) throws(TemplateError) -> Text {
        var text = Text()
        try write(value, to: &text, isTrusted: true)
        return text
    }

    /// Appends `repr(value)`. Brackets and quotes are as trusted as the container they are printed of; recursion is
    /// bounded by `valueDepthMax`.
    private func write(_ value: Value, to text: inout Text, isTrusted: Bool) throws(TemplateError) {
        if text.count > limits.stringCharactersMax { try checkText(text.count) }
        try charge(2)
        switch value {
        case .undefined: text.append("Undefined", isTrusted: true)
        case .none: text.append("None", isTrusted: isTrusted)
        case .bool(let value): text.append(value ? "True" : "False", isTrusted: isTrusted)
        case .int(let value): text.append(String(value), isTrusted: isTrusted)
        case .float(let value):
            try charge(8)
            text.append(PythonNumber.text(value), isTrusted: isTrusted)
        case .string(let string): try writeQuoted(string, to: &text, isTrusted)
        case .list(let list): try write(list, to: &text, isTrusted && list.isTrusted)
        case .dict(let dict):
            let isTrusted = isTrusted && dict.isTrusted
            text.append("{", isTrusted: isTrusted)
            for (place, (key, value)) in zip(dict.keys, dict.values).enumerated() {
                if place > 0 { text.append(", ", isTrusted: isTrusted) }
                try write(key, to: &text, isTrusted: isTrusted)
                text.append(": ", isTrusted: isTrusted)
                try write(value, to: &text, isTrusted: isTrusted)
            }
            text.append("}", isTrusted: isTrusted)
        case .range(let range):
            let step = range.step == 1 ? "" : ", \(range.step)"
            text.append("range(\(range.start), \(range.stop)\(step))", isTrusted: isTrusted)
        case .iterator: text.append("<generator object>", isTrusted: isTrusted)
        case .namespace: text.append("<Namespace>", isTrusted: isTrusted)
        case .loop(let loop): text.append("<LoopContext \(loop.index + 1)/\(loop.items.count)>", isTrusted: isTrusted)
        case .function(let function):
            // Python tells an address; ours is none.
            if case .method(let receiver, let name) = function.kind {
                text.append("<built-in method \(name.string) of \(receiver.kind) object at 0x0>", isTrusted: isTrusted)
            } else {
                text.append("<function>", isTrusted: isTrusted)
            }
        }
    }

    private func write(_ list: ListValue, to text: inout Text, _ isTrusted: Bool) throws(TemplateError) {
        let (open, close) =
            switch list.kind {
            case .list: ("[", "]")
            case .tuple: ("(", list.items.count == 1 ? ",)" : ")")
            default: (list.kind.rawValue + "([", "])")
            }
        text.append(open, isTrusted: isTrusted)
        for (place, item) in list.items.enumerated() {
            if place > 0 { text.append(", ", isTrusted: isTrusted) }
            try write(item, to: &text, isTrusted: isTrusted)
        }
        text.append(close, isTrusted: isTrusted)
    }

    /// A string in quotes, single unless it has single quotes and no double ones.
    private func writeQuoted(_ string: Text, to text: inout Text, _ isTrusted: Bool) throws(TemplateError) {
        let isTrusted = isTrusted && string.isWhollyTrusted
        try checkText(text.count + string.count)
        try chargeEach(string)
        let quote: Unicode.Scalar = string.scalars.contains("'") && !string.scalars.contains("\"") ? "\"" : "'"
        if string.isMarkup { text.append("Markup(", isTrusted: isTrusted) }
        text.append(quote, isTrusted: isTrusted)
        text.append(
            string.mapped { _, scalar, made in
                switch scalar {
                case "\\": made.append(contentsOf: "\\\\".unicodeScalars)
                case "\n": made.append(contentsOf: "\\n".unicodeScalars)
                case "\r": made.append(contentsOf: "\\r".unicodeScalars)
                case "\t": made.append(contentsOf: "\\t".unicodeScalars)
                case quote:
                    made.append("\\")
                    made.append(quote)
                default:
                    if scalar.isPythonPrintable { made.append(scalar) } else { made += scalar.pythonEscape }
                }
            })
        text.append(quote, isTrusted: isTrusted)
        if string.isMarkup { text.append(")", isTrusted: isTrusted) }
    }
}

extension Unicode.Scalar {
    /// `\x7f`, `\u200b` or `\U000e0001`
    fileprivate var pythonEscape: [Unicode.Scalar] {
        let (mark, width) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
        return Array("\\\(mark)\(hexadecimal(width: width))".unicodeScalars)
    }

    func hexadecimal(width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
