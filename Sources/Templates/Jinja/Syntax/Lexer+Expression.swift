extension Lexer {
    /// The words of `{{ … }}` (`endsWith` "}") or `{% … %}` ("%"), and the tag's end.
    mutating func lexExpression(endsWith closer: Unicode.Scalar) throws(TemplateError) {
        let start = line
        open = []
        while position < source.count {
            let endLine = line
            if open.isEmpty, takeEnd(closer) {
                tokens.append(Token(kind: closer == "}" ? .printEnd : .blockEnd, line: endLine))
                return
            }
            let scalar = source[position]
            if scalar.isPythonSpace {
                if scalar == "\n" { line += 1 }
                position += 1
            } else if scalar.isPythonWord {
                try lexWord()
            } else if scalar == "'" || scalar == "\"" {
                try lexString(scalar)
            } else {
                try lexSymbol()
            }
        }
        throw .syntax(line: start, reason: "a tag without its end")
    }

    private func scalar(at place: Int) -> Unicode.Scalar? { place < source.count ? source[place] : nil }

    private mutating func lexSymbol() throws(TemplateError) {
        let first = source[position]
        guard let symbol = Self.symbol(first, scalar(at: position + 1)) else {
            throw fault("the character '\(first)' does not belong here")
        }
        switch symbol {
        case .openBrace: open.append(.closeBrace)
        case .openBracket: open.append(.closeBracket)
        case .openParenthesis: open.append(.closeParenthesis)
        case .closeBrace, .closeBracket, .closeParenthesis:
            guard let expected = open.popLast() else { throw fault("'\(symbol.rawValue)' closes nothing") }
            if expected != symbol { throw fault("'\(symbol.rawValue)' where '\(expected.rawValue)' should stand") }
        default: break
        }
        emit(.symbol(symbol))
        position += symbol.length
    }

    /// The longest symbol that starts with these characters.
    private static func symbol(_ first: Unicode.Scalar, _ second: Unicode.Scalar?) -> Token.Symbol? {
        switch (first, second) {
        case ("*", "*"): .power
        case ("/", "/"): .floorDivide
        case ("=", "="): .equal
        case ("!", "="): .unequal
        case ("<", "="): .lessOrEqual
        case (">", "="): .greaterOrEqual
        case ("!", _): nil
        default: single[first]
        }
    }

    private static let single: [Unicode.Scalar: Token.Symbol] = [
        "+": .plus, "-": .minus, "*": .times, "/": .divide, "%": .remainder, "~": .tilde, "[": .openBracket,
        "]": .closeBracket, "(": .openParenthesis, ")": .closeParenthesis, "{": .openBrace, "}": .closeBrace,
        "<": .less, ">": .greater, "=": .assign, ".": .dot, ":": .colon, "|": .pipe, ",": .comma, ";": .semicolon,
    ]

    /// A number or a name.
    private mutating func lexWord() throws(TemplateError) {
        if ("0"..."9").contains(source[position]), try lexNumber() { return }
        let start = position
        while let next = scalar(at: position), next.isPythonWord { position += 1 }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: source[start..<position])
        if source[start].isPythonNumeric && !source[start].isPythonLetter {
            throw fault("'\(String(name))' is neither a name nor a number")
        }
        emit(.name(String(name)))
    }

    private mutating func lexNumber() throws(TemplateError) -> Bool {
        if let end = endOfFloat() {
            guard let value = Double(digits(position..<end)) else { throw fault("a number that cannot be read") }
            emit(.float(value))
            position = end
            return true
        }
        let (radix, start) = radix()
        let end = endOfDigits(from: start, radix: radix)
        guard end > start else { return false }
        guard let value = Int(digits(start..<end), radix: radix) else {
            throw fault("the number \(digits(start..<end).prefix(40)) does not fit 64 bits")
        }
        emit(.int(value))
        position = end
        return true
    }

    private func radix() -> (radix: Int, start: Int) {
        guard source[position] == "0", let mark = scalar(at: position + 1) else { return (10, position) }
        let radix: Int
        switch mark {
        case "x", "X": radix = 16
        case "o", "O": radix = 8
        case "b", "B": radix = 2
        default: return (10, position)
        }
        let start = scalar(at: position + 2) == "_" ? position + 3 : position + 2
        return endOfDigits(from: start, radix: radix) > start ? (radix, start) : (10, position)
    }

    private func digits(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: source[range].lazy.filter { $0 != "_" })
        return String(text)
    }

    /// The end of digits with single underscores between them. A decimal that starts with 0 is made of zeros.
    private func endOfDigits(from start: Int, radix: Int, anyDigits: Bool = false) -> Int {
        func isDigit(_ place: Int) -> Bool {
            guard let scalar = scalar(at: place), scalar.isASCII else { return false }
            guard let digit = Character(scalar).hexDigitValue, digit < radix else { return false }
            return !anyDigits && radix == 10 && source[start] == "0" && start == position ? digit == 0 : true
        }
        guard isDigit(start) else { return start }
        var end = start + 1
        while true {
            if isDigit(end) {
                end += 1
            } else if scalar(at: end) == "_", isDigit(end + 1) {
                end += 2
            } else {
                return end
            }
        }
    }

    /// The end of a number with a fraction or an exponent; nil for a whole number.
    private func endOfFloat() -> Int? {
        if position > 0, source[position - 1] == "." { return nil }
        let whole = endOfDigits(from: position, radix: 10, anyDigits: true)
        var end = whole
        if scalar(at: end) == "." {
            let fraction = endOfDigits(from: end + 1, radix: 10, anyDigits: true)
            if fraction > end + 1 { end = fraction }
        }
        if let mark = scalar(at: end), mark == "e" || mark == "E" {
            var digits = end + 1
            if let sign = scalar(at: digits), sign == "+" || sign == "-" { digits += 1 }
            let exponent = endOfDigits(from: digits, radix: 10, anyDigits: true)
            if exponent > digits { end = exponent }
        }
        return end > whole ? end : nil
    }
}
