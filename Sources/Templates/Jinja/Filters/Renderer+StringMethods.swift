extension Renderer {
    static let stringMethods: Set<String> = [
        "capitalize", "center", "count", "endswith", "expandtabs", "find", "format", "format_map", "index", "isalnum",
        "isalpha", "isascii", "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "isupper", "join", "ljust",
        "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust",
        "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper",
        "zfill", "casefold", "encode", "isidentifier", "isprintable", "istitle", "maketrans", "translate",
    ]

    @inline(never)
    func call(stringMethod name: String, of text: Text, _ arguments: Arguments) throws(TemplateError) -> Value {
        switch name {
        case "strip", "lstrip", "rstrip":
            let given = try arguments.positionals(1, of: name)
            return .string(
                text.stripped(try set(given[0], name), left: name != "rstrip", right: name != "lstrip"))
        case "split", "rsplit": return try split(text, name, arguments)
        case "splitlines":
            let given = try arguments.bind(["keepends"], of: name)
            return try strings(text.lines(keepsEnds: given[0]?.isTrue ?? false))
        case "startswith", "endswith": return try hasAffix(text, name, arguments)
        case "replace":
            let given = try arguments.bind(["old", "new", "count"], of: name, required: 2)
            if !arguments.named.isEmpty { throw .fault("'replace' has no named arguments") }
            return .string(try replace(text, try self.text(given[0], name), try self.text(given[1], name), given[2]))
        case "find", "rfind", "index", "rindex", "count": return try find(text, name, arguments)
        case "partition", "rpartition": return try partition(text, name, arguments)
        case "removeprefix", "removesuffix":
            let part = try self.text(try arguments.positionals(1, of: name, required: 1)[0], name)
            if name == "removeprefix" { return .string(text.hasPrefix(part) ? text[part.count..<text.count] : text) }
            return .string(text.hasSuffix(part) ? text[0..<text.count - part.count] : text)
        case "join":
            let items = try elements(of: try arguments.positionals(1, of: name, required: 1)[0] ?? .none)
            return .string(try join(items, text))
        case "center", "ljust", "rjust", "zfill", "expandtabs": return try pad(text, name, arguments)
        case "format": return .string(try formatBraces(text, arguments))
        case "format_map":
            let given = try arguments.positionals(1, of: name, required: 1)
            guard case .dict(let dict)? = given[0] else { throw .fault("'format_map' needs a dictionary") }
            var values = Arguments()
            for (key, value) in zip(dict.keys, dict.values) {
                if let key = key.text { values.named.append((key.string, value)) }
            }
            return .string(try formatBraces(text, values))
        default:
            _ = try arguments.positionals(0, of: name)
            try chargeEach(text)
            return try call(plainStringMethod: name, of: text)
        }
    }

    /// The methods without arguments.
    private func call(plainStringMethod name: String, of text: Text) throws(TemplateError) -> Value {
        func all(_ holds: (Unicode.Scalar) -> Bool) -> Value { .bool(!text.isEmpty && text.scalars.allSatisfy(holds)) }
        switch name {
        case "lower": return .string(text.lowercased())
        case "upper": return .string(text.uppercased())
        case "capitalize": return .string(text.capitalized())
        case "title": return .string(text.titled())
        case "swapcase": return .string(text.swapcased())
        case "islower": return .bool(text.isAll(upper: false))
        case "isupper": return .bool(text.isAll(upper: true))
        case "isspace": return all(\.isPythonSpace)
        case "isalpha": return all(\.isPythonLetter)
        case "isdecimal": return all(\.isPythonDecimal)
        case "isdigit": return all(\.isPythonDigit)
        case "isnumeric": return all(\.isPythonNumeric)
        case "isalnum": return all { $0.isPythonLetter || $0.isPythonNumeric || $0.isPythonDecimal }
        case "isprintable": return .bool(text.scalars.allSatisfy(\.isPythonPrintable))
        case "isascii": return .bool(text.scalars.allSatisfy(\.isASCII))
        default: throw .unsupported(line: 0, what: "the method '\(name)' of strings")
        }
    }

    /// A string argument.
    func text(_ value: Value?, _ function: String) throws(TemplateError) -> Text {
        guard case .string(let text)? = value else {
            throw misuse(of: value ?? .none, "the place of a string in '\(function)'")
        }
        try charge(text)
        return text
    }

    /// The characters to strip; nil for white space.
    private func set(_ value: Value?, _ function: String) throws(TemplateError) -> Text? {
        guard let value, !value.isNone else { return nil }
        return try text(value, function)
    }

    func strings(_ texts: [Text], _ kind: ListValue.Kind = .list) throws(TemplateError) -> Value {
        try list(texts.map(Value.string), kind)
    }

    private func split(_ text: Text, _ name: String, _ arguments: Arguments) throws(TemplateError) -> Value {
        let given = try arguments.bind(["sep", "maxsplit"], of: name)
        var max = -1
        if let value = given[1] {
            guard let int = value.int else { throw misuse(of: value, "the place of a count") }
            max = int
        }
        if max < 0 { max = .max }
        guard let separator = try set(given[0], name) else {
            return try strings(name == "split" ? text.splitAtSpace(max: max) : text.splitAtSpaceFromRight(max: max))
        }
        if separator.isEmpty { throw .fault("'\(name)' at an empty string") }
        return try strings(name == "split" ? text.split(separator, max: max) : text.splitFromRight(separator, max: max))
    }

    private func hasAffix(_ text: Text, _ name: String, _ arguments: Arguments) throws(TemplateError) -> Value {
        let given = try arguments.positionals(3, of: name, required: 1)
        let range = try range(given[1], given[2], count: text.count)
        let part = given[1] == nil ? text : text[range]
        var affixes: [Value] = [given[0] ?? .none]
        if case .list(let list)? = given[0], list.kind == .tuple { affixes = list.items }
        for affix in affixes {
            let affix = try self.text(affix, name)
            if name == "startswith" ? part.hasPrefix(affix) : part.hasSuffix(affix) { return .bool(true) }
        }
        return .bool(false)
    }

    func replace(_ text: Text, _ old: Text, _ new: Text, _ count: Value?) throws(TemplateError) -> Text {
        var max = -1
        if let count, !count.isNone {
            guard let int = count.int else { throw misuse(of: count, "the place of a count") }
            max = int
        }
        if max < 0 { max = .max }
        try charge(text)
        // The longest possible result is refused only if it is real.
        let places = text.ranges(of: old, max: max).count
        try charge(places * 2)
        let (added, overflows) = places.multipliedReportingOverflow(by: Swift.max(0, new.count - old.count))
        try checkText(overflows ? .max : text.count + added)
        return text.replacing(old, with: new, max: max)
    }

    private func find(_ text: Text, _ name: String, _ arguments: Arguments) throws(TemplateError) -> Value {
        let given = try arguments.positionals(3, of: name, required: 1)
        let part = try self.text(given[0], name)
        if let start = given[1]?.int, start > text.count {
            if name.hasSuffix("index") { throw .fault("the string is not there") }
            return .int(name == "count" ? 0 : -1)
        }
        let range = try range(given[1], given[2], count: text.count)
        let window = given[1] == nil ? text : text[range]
        try charge(window)
        if name == "count" { return .int(window.ranges(of: part).count) }
        let found = name.hasPrefix("r") ? window.lastRange(of: part) : window.firstRange(of: part)
        if let found { return .int(range.lowerBound + found.lowerBound) }
        if name.hasSuffix("index") { throw .fault("the string is not there") }
        return .int(-1)
    }

    private func partition(_ text: Text, _ name: String, _ arguments: Arguments) throws(TemplateError) -> Value {
        let separator = try self.text(try arguments.positionals(1, of: name, required: 1)[0], name)
        if separator.isEmpty { throw .fault("'\(name)' at an empty string") }
        let isFirst = name == "partition"
        guard let range = isFirst ? text.firstRange(of: separator) : text.lastRange(of: separator) else {
            return try strings(isFirst ? [text, Text(), Text()] : [Text(), Text(), text], .tuple)
        }
        return try strings([text[0..<range.lowerBound], separator, text[range.upperBound..<text.count]], .tuple)
    }

    private func pad(_ text: Text, _ name: String, _ arguments: Arguments) throws(TemplateError) -> Value {
        if name == "expandtabs" {
            let width = try arguments.bind(["tabsize"], of: name)[0]?.int ?? 8
            return .string(try expandTabs(text, width: width))
        }
        let given = try arguments.positionals(name == "zfill" ? 1 : 2, of: name, required: 1)
        guard let width = given[0]?.int else { throw misuse(of: given[0] ?? .none, "the place of a width") }
        if width <= text.count { return .string(text) }
        try checkText(width)
        if name == "zfill" {
            let zeros = Text(String(repeating: "0", count: width - text.count))
            let signs = text.scalars.first == "-" || text.scalars.first == "+" ? 1 : 0
            var result = text[0..<signs]
            result.append(zeros)
            result.append(text[signs..<text.count])
            return .string(result)
        }
        let fill = given.count > 1 && given[1] != nil ? try self.text(given[1], name) : Text(" ")
        if fill.count != 1 { throw .fault("'\(name)' fills with one character") }
        return .string(padded(text, width: width, fill: fill, at: name))
    }

    /// `at` is the method's name: "center", "ljust" or "rjust".
    func padded(_ text: Text, width: Int, fill: Text, at side: String) -> Text {
        let missing = max(0, width - text.count)
        // Python gives the odd space of a centred text to the left, if the width is odd too.
        let left = side == "ljust" ? 0 : side == "rjust" ? missing : missing / 2 + (missing & width & 1)
        var result = Text()
        result.isMarkup = text.isMarkup
        for _ in 0..<left { result.append(fill) }
        result.append(text)
        for _ in left..<missing { result.append(fill) }
        return result
    }

    private func expandTabs(_ text: Text, width: Int) throws(TemplateError) -> Text {
        let tabs = text.scalars.count { $0 == "\t" }
        let (added, overflows) = tabs.multipliedReportingOverflow(by: max(0, width))
        try checkText(overflows ? .max : text.count + added)
        var column = 0
        return text.mapped { _, scalar, made in
            if scalar == "\t" {
                let spaces = width > 0 ? width - column % width : 0
                made += Array(repeating: " ", count: spaces)
                column += spaces
            } else {
                made.append(scalar)
                column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
            }
        }
    }

    /// `separator.join(items)`: the items are strings.
    private func join(_ items: [Value], _ separator: Text) throws(TemplateError) -> Text {
        var texts: [Text] = []
        for item in items { texts.append(try text(item, "join")) }
        return try join(texts, separator)
    }

    func join(_ texts: [Text], _ separator: Text) throws(TemplateError) -> Text {
        var result = Text()
        for (place, text) in texts.enumerated() {
            let next = result.count + text.count + separator.count
            if next > limits.stringCharactersMax { try checkText(next) }
            try charge(text)
            try charge(separator)
            if place > 0 { result.append(separator) }
            result.append(text)
        }
        return result
    }
}
