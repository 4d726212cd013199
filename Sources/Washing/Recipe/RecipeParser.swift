/// Reads a recipe: the part of TOML that settings need.
///
///     # a comment
///     [gopher]            # a step
///     words_min = 50
///     [gopher.zh]         # the same step for Chinese: what it does not set, it has from [gopher]
///     words_min = 80
///
/// Values are numbers, `true` and `false`, texts in double quotes, and lists of texts, which may go over several lines.
struct RecipeParser {
    let file: String
    private var tables: [RecipeTable] = []
    /// Before the first section.
    private(set) var head: RecipeTable

    static func parse(_ text: String, file: String, limits: WashingLimits) throws(WashingError) -> RecipeParser {
        var parser = RecipeParser(file: file)
        var pending = ""
        var pendingLine = 0
        for (number, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var line = parser.withoutComment(raw.last == "\r" ? raw.dropLast() : raw)
            if !pending.isEmpty {
                line = pending + " " + line
                pending = ""
            } else {
                pendingLine = number + 1
            }
            // A list that is not closed goes on.
            if line.contains("= ["), !line.hasSuffix("]") {
                pending = line
                continue
            }
            try parser.read(line, pendingLine, limits)
        }
        guard pending.isEmpty else { throw parser.fault(pendingLine, "a list without its ]") }
        return parser
    }

    var sections: [RecipeTable] { tables }

    private init(file: String) {
        self.file = file
        head = RecipeTable(name: "", file: file, line: 1)
    }

    private func fault(_ line: Int, _ reason: String) -> WashingError {
        .recipe(file: file, line: line, reason: reason)
    }

    /// A line without its comment and the space around it.
    private func withoutComment(_ line: Substring) -> String {
        var isInside = false
        var isEscaped = false
        var end = line.endIndex
        for place in line.indices {
            let character = line[place]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = isInside
            } else if character == "\"" {
                isInside.toggle()
            } else if character == "#", !isInside {
                end = place
                break
            }
        }
        let rest = line[..<end].drop(while: \.isWhitespace)
        return String(rest.prefix(rest.count - rest.reversed().prefix(while: \.isWhitespace).count))
    }

    private mutating func read(_ line: String, _ number: Int, _ limits: WashingLimits) throws(WashingError) {
        guard !line.isEmpty else { return }
        if line.hasPrefix("[") {
            guard line.hasSuffix("]"), line.count > 2 else { throw fault(number, "expected [name]") }
            let name = String(line.dropFirst().dropLast()).filter { !$0.isWhitespace }
            guard !tables.contains(where: { $0.name == name }) else { throw fault(number, "[\(name)] is there twice") }
            guard tables.count < limits.sectionsMax else {
                throw fault(number, "more than \(limits.sectionsMax) sections")
            }
            tables.append(RecipeTable(name: name, file: file, line: number))
            return
        }
        guard let equals = line.firstIndex(of: "=") else {
            throw fault(number, "expected `key = value` or [name], found “\(line.prefix(40))”")
        }
        var key = String(line[..<equals]).filter { !$0.isWhitespace }
        if key.hasPrefix("\""), key.hasSuffix("\""), key.count > 2 { key = String(key.dropFirst().dropLast()) }
        guard !key.isEmpty else { throw fault(number, "a setting without a name") }
        let value = try value(String(line[line.index(after: equals)...].drop(while: \.isWhitespace)), number)
        let isNew =
            tables.isEmpty
            ? head.set(key, value, line: number) : tables[tables.count - 1].set(key, value, line: number)
        guard isNew else { throw fault(number, "\(key) is set twice") }
    }

    private func value(_ text: String, _ line: Int) throws(WashingError) -> RecipeValue {
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        if text.hasPrefix("[") { return .list(try list(text, line)) }
        if text.hasPrefix("\"") {
            var rest = Substring(text)
            let string = try quoted(&rest, line)
            guard rest.isEmpty else { throw fault(line, "text after the closing quote") }
            return .text(string)
        }
        guard let number = Double(text.filter { $0 != "_" }), number.isFinite else {
            throw fault(line, "“\(text.prefix(40))” is neither a number, true, false, a text in quotes, nor a list")
        }
        return .number(number)
    }

    private func list(_ text: String, _ line: Int) throws(WashingError) -> [String] {
        guard text.hasSuffix("]") else { throw fault(line, "a list without its ]") }
        var rest = text.dropFirst().dropLast().drop(while: \.isWhitespace)
        var items: [String] = []
        while !rest.isEmpty {
            guard rest.hasPrefix("\"") else { throw fault(line, "expected a text in quotes in the list") }
            items.append(try quoted(&rest, line))
            rest = rest.drop(while: \.isWhitespace)
            if rest.hasPrefix(",") {
                rest = rest.dropFirst().drop(while: \.isWhitespace)
            } else if !rest.isEmpty {
                throw fault(line, "expected , between the list's items")
            }
        }
        return items
    }

    private func quoted(_ rest: inout Substring, _ line: Int) throws(WashingError) -> String {
        var result = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            switch character {
            case "\"": return result
            case "\\":
                guard let next = rest.popFirst() else { break }
                switch next {
                case "n": result += "\n"
                case "t": result += "\t"
                case "\"", "\\": result.append(next)
                default: throw fault(line, "an unknown escape \\\(next)")
                }
            default: result.append(character)
            }
        }
        throw fault(line, "a text without its closing quote")
    }
}
