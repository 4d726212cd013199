/// Reads a regular expression in ECMAScript's syntax, as far as it describes a regular language.
///
/// Understood: literals; `.`; classes with ranges, `^` and escapes; `\d \w \s` (ASCII digits and word characters) and
/// their capitals; `\n \r \t \f \v \0 \xHH \uHHHH \u{…} \cX`; groups, `(?:…)` and named ones; `|`;
/// `* + ? {m} {m,} {m,n}` and their lazy forms, which match the same texts; `^` and `$` at the ends. Refused with an
/// error that names it: back references, look-around, `\b`, `\p`, flags.
struct RegexParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private let limits: GrammarLimits

    private init(_ text: String, _ limits: GrammarLimits) {
        scalars = Array(text.unicodeScalars)
        self.limits = limits
    }

    static func parse(_ text: String, _ limits: GrammarLimits) throws(GrammarError) -> RegexNode {
        guard text.utf8.count <= limits.sourceBytesMax else {
            throw .limit(name: "sourceBytesMax", value: limits.sourceBytesMax, place: "the expression")
        }
        var parser = RegexParser(text, limits)
        let node = try parser.alternatives(depth: 0)
        guard parser.next == nil else { throw parser.fault("')' without '('") }
        return node
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func fault(_ reason: String) -> GrammarError {
        .syntax(place: "character \(position + 1) of the regular expression", reason: reason)
    }

    private func unsupported(_ what: String) -> GrammarError {
        .unsupported(
            place: "character \(position + 1) of the regular expression",
            reason: "\(what) cannot be held to; write the expression without it")
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func alternatives(depth: Int) throws(GrammarError) -> RegexNode {
        guard depth <= limits.depthMax else {
            throw .limit(name: "depthMax", value: limits.depthMax, place: "the regular expression")
        }
        var choices = [try sequence(depth: depth)]
        while take("|") { choices.append(try sequence(depth: depth)) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence(depth: Int) throws(GrammarError) -> RegexNode {
        var parts: [RegexNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let atom = try atom(depth: depth)
            parts.append(try quantified(atom))
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom(depth: Int) throws(GrammarError) -> RegexNode {
        guard let scalar = next else { throw fault("the expression ends too early") }
        switch scalar {
        case "(": return try group(depth: depth)
        case "[": return .scalars(try characterClass())
        case ".":
            position += 1
            return .scalars(ScalarSet.lineEnds.inverted)
        case "^":
            position += 1
            return .start
        case "$":
            position += 1
            return .end
        case "*", "+", "?": throw fault("'\(scalar)' has nothing to repeat")
        case "\\":
            position += 1
            return .scalars(try escape(inClass: false))
        default:
            position += 1
            return .scalars(ScalarSet(scalar.value))
        }
    }

    private mutating func group(depth: Int) throws(GrammarError) -> RegexNode {
        position += 1
        if take("?") {
            switch next {
            case ":": position += 1
            case "<":
                position += 1
                if next == "=" || next == "!" { throw unsupported("a look-behind") }
                try groupName()
            case "P" where position + 1 < scalars.count && scalars[position + 1] == "<":
                position += 2
                try groupName()
            case "=", "!": throw unsupported("a look-ahead")
            default: throw unsupported("'(?\(next.map(String.init) ?? "")'")
            }
        }
        let node = try alternatives(depth: depth + 1)
        guard take(")") else { throw fault("'(' without ')'") }
        return node
    }

    private mutating func groupName() throws(GrammarError) {
        while let scalar = next, scalar != ">" {
            guard scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar) else {
                throw fault("a group's name is broken")
            }
            position += 1
        }
        guard take(">") else { throw fault("a group's name has no end") }
    }

    // MARK: Repetitions

    private mutating func quantified(_ atom: RegexNode) throws(GrammarError) -> RegexNode {
        guard let (min, max) = try quantifier() else { return atom }
        guard atom != .start, atom != .end else { throw fault("an anchor cannot be repeated") }
        // The lazy form matches the same texts.
        _ = take("?")
        if next == "+" { throw unsupported("a possessive quantifier") }
        if next == "*" || next == "?" { throw fault("'\(next ?? "*")' has nothing to repeat") }
        return .repetition(atom, min: min, max: max)
    }

    private mutating func quantifier() throws(GrammarError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard next == "{" else { return nil }
        let start = position
        position += 1
        let low = try number()
        var high = low
        if take(",") { high = try number() }
        let isOpen = scalars[position - 1] == ","
        guard low != nil, take("}") else {
            // A brace that begins no quantifier is a brace.
            position = start
            return nil
        }
        if let low, let high, high < low, !isOpen { throw fault("{\(low),\(high)} is the wrong way round") }
        return (low ?? 0, isOpen ? nil : high)
    }

    private mutating func number() throws(GrammarError) -> Int? {
        var value: Int?
        while let digit = next.flatMap({ Character($0).wholeNumberValue }), next?.isASCII ?? false {
            value = (value ?? 0) * 10 + digit
            if let value, value > limits.repetitionsMax {
                throw .limit(name: "repetitionsMax", value: limits.repetitionsMax, place: "the regular expression")
            }
            position += 1
        }
        return value
    }

    // MARK: Classes and escapes

    private mutating func characterClass() throws(GrammarError) -> ScalarSet {
        position += 1
        let isInverted = take("^")
        var set = ScalarSet([])
        while let scalar = next, scalar != "]" {
            let low = try classAtom()
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set = set.union(low)
                continue
            }
            position += 1
            let high = try classAtom()
            guard let from = low.single, let to = high.single else { throw fault("a range needs single characters") }
            guard from <= to else { throw fault("a range is the wrong way round") }
            set = set.union(ScalarSet([from...to]))
        }
        guard take("]") else { throw fault("'[' without ']'") }
        return isInverted ? set.inverted : set
    }

    private mutating func classAtom() throws(GrammarError) -> ScalarSet {
        guard let scalar = next else { throw fault("'[' without ']'") }
        position += 1
        return scalar == "\\" ? try escape(inClass: true) : ScalarSet(scalar.value)
    }

    /// After the backslash.
    private mutating func escape(inClass: Bool) throws(GrammarError) -> ScalarSet {
        guard let scalar = next else { throw fault("a backslash at the end") }
        position += 1
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .word
        case "W": return ScalarSet.word.inverted
        case "s": return .space
        case "S": return ScalarSet.space.inverted
        case "n": return ScalarSet(0x0A)
        case "r": return ScalarSet(0x0D)
        case "t": return ScalarSet(0x09)
        case "f": return ScalarSet(0x0C)
        case "v": return ScalarSet(0x0B)
        case "b" where inClass: return ScalarSet(0x08)
        case "0" where !(next.map { ("0"..."9").contains($0) } ?? false): return ScalarSet(0)
        case "x": return ScalarSet(try hexadecimal(2))
        case "u": return ScalarSet(try unicode())
        case "c":
            guard let letter = next, letter.isASCII, letter.properties.isAlphabetic else { throw fault("a broken \\c") }
            position += 1
            return ScalarSet(letter.value & 31)
        case "0"..."9": throw unsupported("a back reference")
        case "k": throw unsupported("a back reference")
        case "b", "B": throw unsupported("a word boundary")
        case "A", "Z", "z", "G": throw unsupported("\\\(scalar)")
        case "p", "P": throw unsupported("a class of Unicode's")
        case _ where scalar.isASCII && scalar.properties.isAlphabetic: throw fault("\\\(scalar) has no meaning")
        default: return ScalarSet(scalar.value)
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(GrammarError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = next.flatMap({ Character($0).hexDigitValue }) else {
                throw fault("a hexadecimal digit is missing")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func unicode() throws(GrammarError) -> UInt32 {
        var value: UInt32 = 0
        if take("{") {
            while let digit = next.flatMap({ Character($0).hexDigitValue }), value <= 0x10FFFF {
                value = value << 4 | UInt32(digit)
                position += 1
            }
            guard take("}") else { throw fault("'\\u{' without '}'") }
        } else {
            value = try hexadecimal(4)
            if (0xD800...0xDBFF).contains(value), take("\\"), take("u") {
                let low = try hexadecimal(4)
                guard (0xDC00...0xDFFF).contains(low) else { throw fault("half of a surrogate pair") }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
        }
        guard Unicode.Scalar(value) != nil else { throw fault("\\u does not name a character") }
        return value
    }
}

extension ScalarSet {
    /// The one scalar of a set that has one.
    fileprivate var single: UInt32? {
        guard ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}
