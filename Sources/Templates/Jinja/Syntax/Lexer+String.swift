extension Lexer {
    /// A string with Python's escapes.
    mutating func lexString(_ quote: Unicode.Scalar) throws(TemplateError) {
        let start = line
        var text: [Unicode.Scalar] = []
        position += 1
        while position < source.count {
            let scalar = source[position]
            position += 1
            if scalar == quote {
                tokens.append(Token(kind: .string(text), line: start))
                return
            }
            if scalar == "\n" { line += 1 }
            if scalar == "\\" { try lexEscape(into: &text) } else { text.append(scalar) }
        }
        throw .syntax(line: start, reason: "a string without its closing quote")
    }

    private mutating func lexEscape(into text: inout [Unicode.Scalar]) throws(TemplateError) {
        guard position < source.count else { return }
        let scalar = source[position]
        position += 1
        switch scalar {
        case "\n": line += 1
        case "\\", "'", "\"": text.append(scalar)
        case "a": text.append("\u{07}")
        case "b": text.append("\u{08}")
        case "f": text.append("\u{0C}")
        case "n": text.append("\n")
        case "r": text.append("\r")
        case "t": text.append("\t")
        case "v": text.append("\u{0B}")
        case "0"..."7":
            var value = scalar.value - 0x30
            for _ in 0..<2 {
                guard position < source.count, ("0"..."7").contains(source[position]) else { break }
                value = value * 8 + source[position].value - 0x30
                position += 1
            }
            text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        case "x": text.append(try hexadecimal(2))
        case "u": text.append(try hexadecimal(4))
        case "U": text.append(try hexadecimal(8))
        case "N": throw fault("a character by its name (\\N); write it by its number (\\u)")
        // Python keeps the backslash of an escape that it does not know.
        default: text += ["\\", scalar]
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(TemplateError) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard position < source.count, source[position].isASCII,
                let digit = Character(source[position]).hexDigitValue
            else { throw fault("an escape with less than \(count) hexadecimal digits") }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        if value > 0x10FFFF { throw fault("an escape beyond the last character") }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
