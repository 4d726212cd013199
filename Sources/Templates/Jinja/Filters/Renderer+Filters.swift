extension Renderer {
    /// `value|name(arguments)`
    @inline(never)
    func filter(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        try enter()
        defer { leave() }
        switch name {
        case "default", "d":
            let given = try arguments.bind(["default_value", "boolean"], of: name)
            let isMissing = value.isUndefined || (given[1]?.isTrue ?? false) && !value.isTrue
            return isMissing ? given[0] ?? .string(Text()) : value
        case "tojson": return try toJSON(value, arguments)
        case "string":
            try arguments.none(name)
            return .string(try string(value))
        case "safe", "escape", "e", "forceescape": return try markup(name, value, arguments)
        case "length", "count":
            try arguments.none(name)
            return .int(try length(value))
        case "attr":
            let given = try arguments.bind(["name"], of: name, required: 1)
            let text = try self.text(given[0], name)
            if case .dict = value, case .undefined = try attribute(text, text.string, of: .dict(emptyDict)) {
                return .undefined(Undefined(name: text.string, owner: value.kind))
            }
            return try attribute(text, text.string, of: value)
        case "abs", "round", "int", "float", "sum", "min", "max": return try filter(number: name, value, arguments)
        case "first", "last", "list", "reverse", "sort", "unique", "join", "items", "dictsort", "batch", "slice",
            "groupby":
            return try filter(sequence: name, value, arguments)
        case "map", "select", "reject", "selectattr", "rejectattr":
            return try filter(selection: name, value, arguments)
        default: return try filter(text: name, value, arguments)
        }
    }

    private var emptyDict: DictValue { DictValue(DictMembers(), isTrusted: true) }

    private func markup(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        try arguments.none(name)
        var text = try string(value)
        try checkText(name == "safe" ? text.count : text.count * 2)
        if name == "safe" {
            text.isMarkup = true
            return .string(text)
        }
        if name == "forceescape" { text.isMarkup = false }
        try chargeEach(text)
        return .string(text.escaped())
    }

    func length(_ value: Value) throws(TemplateError) -> Int {
        switch value {
        case .undefined: return 0
        case .string(let text): return text.count
        case .list(let list): return list.items.count
        case .dict(let dict): return dict.count
        case .range(let range): return range.count
        case .loop(let loop): return loop.items.count
        default: throw .fault("\(value.kind) has no length; |list makes a list of it first")
        }
    }

    /// Gets one part after another of `a.b.0`, as the arguments called `attribute` have it.
    func attributes(
        _ path: Value, of value: Value, fallback: Value? = nil
    ) throws(TemplateError) -> Value {
        var item = value
        var parts: [Value] = []
        switch path {
        case .none: return value
        case .string(let text):
            for part in text.split(Text("."), max: .max) {
                let isNumber = !part.isEmpty && part.scalars.allSatisfy(\.isPythonDigit)
                parts.append(isNumber ? Int(part.string).map(Value.int) ?? .string(part) : .string(part))
            }
        default: parts = [path]
        }
        for part in parts {
            item = try self.item(part, of: item)
            if let fallback, !fallback.isNone, item.isUndefined { item = fallback }
        }
        return item
    }

    /// A key to compare by: without `case_sensitive`, strings are compared in lower case.
    func sortKey(_ value: Value, isCaseSensitive: Bool) throws(TemplateError) -> Value {
        guard !isCaseSensitive, case .string(let text) = value else { return value }
        try charge(text)
        return .string(text.lowercased())
    }
}

extension Arguments {
    func none(_ function: String) throws(TemplateError) {
        if !isEmpty { throw .fault("'\(function)' takes no arguments") }
    }
}
