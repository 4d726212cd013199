/// Reads llama.cpp's grammars: `name ::= "text" [a-z] other* (a | b){2,3} .`, comments after `#`, `root` the start.
///
/// A rule goes on over the end of a line inside parentheses and after `|`. Tokens by number (`<[12]>`) are refused:
/// they name one model's vocabulary.
struct GBNFParser {
    private let bytes: [UInt8]
    private var position = 0
    private var set: RuleSet
    private var rules: [String: RuleSet.RuleID] = [:]
    private let limits: GrammarLimits

    private init(_ text: String, _ limits: GrammarLimits) {
        bytes = Array(text.utf8)
        self.limits = limits
        set = RuleSet(limits: limits)
    }

    static func parse(_ text: String, _ limits: GrammarLimits) throws(GrammarError) -> RuleSet {
        guard text.utf8.count <= limits.sourceBytesMax else {
            throw .limit(name: "sourceBytesMax", value: limits.sourceBytesMax, place: "the grammar")
        }
        var parser = GBNFParser(text, limits)
        try parser.readRules()
        guard let root = parser.rules["root"], parser.set.rules[root].body != nil else {
            throw .syntax(place: "the grammar", reason: "there is no rule 'root'")
        }
        parser.set.root = root
        return parser.set
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func fault(_ reason: String) -> GrammarError {
        let line = bytes[..<min(position, bytes.count)].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        return .syntax(place: "line \(line) of the grammar", reason: reason)
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count, (0..<count).allSatisfy({ bytes[position + $0] == text.utf8Start[$0] })
        else { return false }
        position += count
        return true
    }

    /// Passes over space and comments, and over ends of lines where a rule may go on.
    private mutating func skipSpace(lines: Bool) {
        while let byte = next {
            if byte == UInt8(ascii: "#") {
                while let byte = next, byte != 0x0A { position += 1 }
            } else if byte == 0x20 || byte == 0x09 || lines && (byte == 0x0A || byte == 0x0D) {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func readRules() throws(GrammarError) {
        skipSpace(lines: true)
        while next != nil {
            let name = try readName()
            skipSpace(lines: false)
            guard take("::=") else { throw fault("expected '::=' after '\(name.prefix(40))'") }
            let rule = try self.rule(name)
            guard set.rules[rule].body == nil else { throw fault("the rule '\(name.prefix(40))' is defined twice") }
            skipSpace(lines: true)
            set.define(rule, as: try alternatives(depth: 0))
            guard next == nil || next == 0x0A || next == 0x0D else { throw fault("expected the end of the rule") }
            skipSpace(lines: true)
        }
    }

    private mutating func rule(_ name: String) throws(GrammarError) -> RuleSet.RuleID {
        if let rule = rules[name] { return rule }
        let rule = try set.addRule(name)
        rules[name] = rule
        return rule
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private mutating func readName() throws(GrammarError) -> String {
        let start = position
        while let byte = next, Self.isNameByte(byte) { position += 1 }
        guard position > start else { throw fault("expected a rule's name") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func alternatives(depth: Int) throws(GrammarError) -> RuleSet.NodeID {
        guard depth <= limits.depthMax else {
            throw .limit(name: "depthMax", value: limits.depthMax, place: "the grammar")
        }
        var choices = [try sequence(depth: depth)]
        while take("|") {
            skipSpace(lines: true)
            choices.append(try sequence(depth: depth))
        }
        return try set.choice(choices)
    }

    private mutating func sequence(depth: Int) throws(GrammarError) -> RuleSet.NodeID {
        var parts: [RuleSet.NodeID] = []
        while let byte = next {
            let part: RuleSet.NodeID
            switch byte {
            case UInt8(ascii: "\""): part = try literal()
            case UInt8(ascii: "["): part = try set.add(.scalars(try characterClass()))
            case UInt8(ascii: "."):
                position += 1
                part = try set.add(.scalars(.all))
            case UInt8(ascii: "("):
                position += 1
                skipSpace(lines: true)
                part = try alternatives(depth: depth + 1)
                skipSpace(lines: true)
                guard take(")") else { throw fault("'(' without ')'") }
            case UInt8(ascii: "<"), UInt8(ascii: "!"):
                throw .unsupported(place: "the grammar", reason: "tokens by name or number; write their text")
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
                throw fault("a repetition has nothing to repeat")
            case _ where Self.isNameByte(byte):
                part = try set.add(.call(try rule(try readName())))
            default: return try finished(parts)
            }
            parts.append(try repeated(part))
            skipSpace(lines: depth > 0)
        }
        return try finished(parts)
    }

    private mutating func finished(_ parts: [RuleSet.NodeID]) throws(GrammarError) -> RuleSet.NodeID {
        parts.isEmpty ? RuleSet.empty : try set.sequence(parts)
    }

    // MARK: Repetitions

    private mutating func repeated(_ part: RuleSet.NodeID) throws(GrammarError) -> RuleSet.NodeID {
        var part = part
        while let byte = next {
            switch byte {
            case UInt8(ascii: "*"): part = try set.many(part)
            case UInt8(ascii: "+"): part = try set.add(.repetition(part, min: 1, max: nil))
            case UInt8(ascii: "?"): part = try set.optional(part)
            case UInt8(ascii: "{"):
                part = try counted(part)
                continue
            default: return part
            }
            position += 1
        }
        return part
    }

    private mutating func counted(_ part: RuleSet.NodeID) throws(GrammarError) -> RuleSet.NodeID {
        position += 1
        skipSpace(lines: true)
        let low = try number()
        skipSpace(lines: true)
        var high = low
        if take(",") {
            skipSpace(lines: true)
            high = try number()
        } else if low == nil {
            throw fault("expected a number after '{'")
        }
        skipSpace(lines: true)
        guard take("}") else { throw fault("'{' without '}'") }
        if let low, let high, high < low { throw fault("{\(low),\(high)} is the wrong way round") }
        return try set.add(.repetition(part, min: low ?? 0, max: high))
    }

    private mutating func number() throws(GrammarError) -> Int? {
        var value: Int?
        while let byte = next, (0x30...0x39).contains(byte) {
            value = (value ?? 0) * 10 + Int(byte - 0x30)
            if let value, value > limits.repetitionsMax {
                throw .limit(name: "repetitionsMax", value: limits.repetitionsMax, place: "the grammar")
            }
            position += 1
        }
        return value
    }

    // MARK: Characters

    private mutating func literal() throws(GrammarError) -> RuleSet.NodeID {
        position += 1
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte != 0x0A else { throw fault("a text without its closing quote") }
            text += UTF8Ranges.encoded(try character())
        }
        guard take("\"") else { throw fault("a text without its closing quote") }
        return text.isEmpty ? RuleSet.empty : try set.add(.literal(text))
    }

    private mutating func characterClass() throws(GrammarError) -> ScalarSet {
        position += 1
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while let byte = next, byte != UInt8(ascii: "]") {
            let low = try character()
            var high = low
            if position + 1 < bytes.count, next == UInt8(ascii: "-"), bytes[position + 1] != UInt8(ascii: "]") {
                position += 1
                high = try character()
            }
            guard low <= high else { throw fault("a range of characters is the wrong way round") }
            ranges.append(low...high)
        }
        guard take("]") else { throw fault("'[' without ']'") }
        return isInverted ? ScalarSet(ranges).inverted : ScalarSet(ranges)
    }

    private mutating func character() throws(GrammarError) -> UInt32 {
        if take("\\") {
            guard let byte = next else { throw fault("a backslash at the end") }
            position += 1
            switch byte {
            case UInt8(ascii: "n"): return 0x0A
            case UInt8(ascii: "r"): return 0x0D
            case UInt8(ascii: "t"): return 0x09
            case UInt8(ascii: "x"): return try hexadecimal(2)
            case UInt8(ascii: "u"): return try hexadecimal(4)
            case UInt8(ascii: "U"): return try hexadecimal(8)
            case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "-"),
                UInt8(ascii: "^"), UInt8(ascii: "/"), UInt8(ascii: "."):
                return UInt32(byte)
            default: throw fault("an unknown escape")
            }
        }
        var decoder = UTF8()
        var rest = bytes[position...].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&rest) else { throw fault("expected a character") }
        position += UTF8.width(scalar)
        return scalar.value
    }

    private mutating func hexadecimal(_ count: Int) throws(GrammarError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw fault("expected \(count) hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        guard Unicode.Scalar(value) != nil else { throw fault("an escape that names no character") }
        return value
    }
}
