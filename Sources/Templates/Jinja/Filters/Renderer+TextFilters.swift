extension Renderer {
    /// Filters whose result is a text. A value that is none becomes one first.
    @inline(never)
    func filter(text name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        let text = try string(value)
        try charge(4 + text.count / 16)
        switch name {
        case "trim":
            let given = try arguments.bind(["chars"], of: name)
            return .string(text.stripped(given[0]?.isNone ?? true ? nil : try self.text(given[0], name)))
        case "replace":
            let given = try arguments.bind(["old", "new", "count"], of: name, required: 2)
            var plain = text
            plain.isMarkup = false
            let (old, new) = (try string(given[0] ?? .none), try string(given[1] ?? .none))
            return .string(try replace(plain, old, new, given[2]))
        case "indent":
            // Jinja adds a line end to the value before it looks at it, which only a string bears.
            if value.text == nil { throw misuse(of: value, "|indent; |string makes a string of it first") }
            return .string(try indent(text, try arguments.bind(["width", "first", "blank"], of: name)))
        case "center":
            guard let width = (try arguments.bind(["width"], of: name)[0] ?? .int(80)).int else {
                throw .fault("'center' needs a whole number")
            }
            try checkText(max(width, text.count))
            return .string(padded(text, width: width, fill: Text(" "), at: name))
        case "format":
            if !arguments.positional.isEmpty, !arguments.named.isEmpty {
                throw .fault("'format' takes values or names, not both")
            }
            if arguments.named.isEmpty {
                return .string(try formatPercent(text, try list(arguments.positional, .tuple)))
            }
            var members = DictMembers()
            for (name, value) in arguments.named { try members.set(.trusted(name), value) }
            return .string(try formatPercent(text, try dict(members)))
        case "truncate": return try truncate(value, arguments)
        default:
            try arguments.none(name)
            try chargeEach(text)
            switch name {
            case "upper": return .string(text.uppercased())
            case "lower": return .string(text.lowercased())
            case "capitalize": return .string(text.capitalized())
            case "title":
                // Two texts are made of each word.
                try charge(text.count)
                return .string(text.titledWords())
            case "wordcount": return .int(wordCount(text))
            default:
                if Self.filterNames.contains(name) { throw .unsupported(line: 0, what: "the filter '\(name)'") }
                throw .fault("there is no filter '\(name)'")
            }
        }
    }

    private func wordCount(_ text: Text) -> Int {
        var (count, inWord) = (0, false)
        for scalar in text.scalars {
            let isWord = scalar.isPythonWord
            if isWord, !inWord { count += 1 }
            inWord = isWord
        }
        return count
    }

    private func indent(_ text: Text, _ given: [Value?]) throws(TemplateError) -> Text {
        let margin: Text
        switch given[0] ?? .int(4) {
        case .string(let string): margin = string
        case let width:
            guard let width = width.int else { throw misuse(of: width, "the place of an indent") }
            try checkText(max(0, width))
            margin = Text(String(repeating: " ", count: max(0, width)))
        }
        let (first, blank) = (given[1]?.isTrue ?? false, given[2]?.isTrue ?? false)
        var ended = text
        ended.append("\n", isTrusted: true)
        let lines = ended.lines()
        try charge(lines.count * 2 + text.count / 8)
        let (size, overflows) = margin.count.multipliedReportingOverflow(by: lines.count)
        try checkText(overflows || size > Int.max / 2 ? .max : size + text.count)
        var result = Text()
        result.isMarkup = text.isMarkup
        for (place, line) in lines.enumerated() {
            // Line ends are made anew; those of a reader's text stay the reader's.
            if place > 0 { result.append("\n", isTrusted: text.isWhollyTrusted) }
            if place == 0 ? first : blank || !line.isEmpty { result.append(margin) }
            result.append(line)
        }
        return result
    }

    private func truncate(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        let given = try arguments.bind(["length", "killwords", "end", "leeway"], of: "truncate")
        guard let length = (given[0] ?? .int(255)).int, let leeway = (given[3] ?? .int(5)).int else {
            throw .fault("'truncate' needs whole numbers")
        }
        let end = given[2] == nil ? Text("...") : try text(given[2], "truncate")
        if length < end.count || leeway < 0 { throw .fault("'truncate' needs a length of \(end.count) at least") }
        let count = try self.length(value)
        if count <= length || count - length <= leeway { return value }
        let whole = try text(value, "truncate")
        var head = whole[0..<length - end.count]
        if !(given[1]?.isTrue ?? false), let space = head.scalars.lastIndex(of: " ") { head = head[0..<space] }
        head.append(end)
        return .string(head)
    }
}
