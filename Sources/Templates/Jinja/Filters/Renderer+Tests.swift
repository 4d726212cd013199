extension Renderer {
    /// `value is name(arguments)`
    @inline(never)
    func test(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Bool {
        let takesArguments = name == "divisibleby" || Self.comparisons.contains(name) || !Self.testNames.contains(name)
        if !takesArguments { try arguments.none(name) }
        switch name {
        case "defined": return !value.isUndefined
        case "undefined": return value.isUndefined
        case "none": return value.isNone
        case "string": return value.text != nil
        case "mapping": if case .dict = value { return true } else { return false }
        case "boolean": if case .bool = value { return true } else { return false }
        case "true": if case .bool(true) = value { return true } else { return false }
        case "false": if case .bool(false) = value { return true } else { return false }
        case "integer": if case .int = value { return true } else { return false }
        case "float": if case .float = value { return true } else { return false }
        case "number": return value.number != nil
        case "iterable": return isIterable(value)
        case "sequence": return isSequence(value)
        case "callable": return isCallable(value)
        case "escaped": return value.text?.isMarkup ?? false
        case "lower", "upper": return try string(value).isAll(upper: name == "upper")
        case "odd", "even", "divisibleby": return try isDivisible(name, value, arguments)
        case "filter", "test":
            guard let text = value.text?.string else { return false }
            return name == "filter" ? Self.filterNames.contains(text) : Self.testNames.contains(text)
        default: return try compares(name, value, arguments)
        }
    }

    /// The tests that compare with another value.
    private func compares(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Bool {
        let relation: Expression.Comparison.Relation
        switch name {
        case "eq", "equalto", "==": relation = .equal
        case "ne", "!=": relation = .unequal
        case "lt", "lessthan", "<": relation = .less
        case "le", "<=": relation = .lessOrEqual
        case "gt", "greaterthan", ">": relation = .greater
        case "ge", ">=": relation = .greaterOrEqual
        case "in": relation = .isIn
        case "sameas":
            return isSame(value, try arguments.bind(["other"], of: name, required: 1)[0] ?? .none)
        default: throw .fault("there is no test '\(name)'")
        }
        let other = try arguments.positionals(1, of: name, required: 1)[0] ?? .none
        return try holds(relation, value, other)
    }

    private func isDivisible(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Bool {
        let divisor = name == "divisibleby" ? try arguments.bind(["num"], of: name, required: 1)[0] ?? .none : .int(2)
        let remainder = try combine(.remainder, value, divisor)
        return try isEqual(remainder, .int(name == "odd" ? 1 : 0))
    }

    private func isIterable(_ value: Value) -> Bool {
        switch value {
        case .undefined, .string, .list, .dict, .range, .iterator, .loop: true
        default: false
        }
    }

    private func isSequence(_ value: Value) -> Bool {
        switch value {
        case .undefined, .string, .dict, .range: true
        case .list(let list): !list.kind.isView
        default: false
        }
    }

    private func isCallable(_ value: Value) -> Bool {
        switch value {
        case .undefined, .function, .loop: true
        default: false
        }
    }

    /// Python's `is`, for what a template can tell apart: the constants, and objects.
    private func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.none, .none): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.list(let a), .list(let b)): a === b
        case (.dict(let a), .dict(let b)): a === b
        case (.namespace(let a), .namespace(let b)): a === b
        case (.iterator(let a), .iterator(let b)): a === b
        case (.loop(let a), .loop(let b)): a === b
        case (.function(let a), .function(let b)): a === b
        default: false
        }
    }

    private static let comparisons: Set<String> = [
        "eq", "equalto", "==", "ne", "!=", "lt", "lessthan", "<", "le", "<=", "gt", "greaterthan", ">", "ge", ">=",
        "in",
        "sameas",
    ]

    static let testNames: Set<String> = [
        "boolean", "callable", "defined", "divisibleby", "eq", "equalto", "escaped", "even", "false", "filter", "float",
        "ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lower", "lt", "mapping", "ne",
        "none",
        "number", "odd", "sameas", "sequence", "string", "test", "true", "undefined", "upper", "==", "!=", "<", "<=",
        ">", ">=",
    ]

    /// Jinja's filters. Some are not here (`urlize` and others of web pages): those fail when they are reached.
    static let filterNames: Set<String> = [
        "abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape", "first",
        "float", "forceescape", "format", "groupby", "indent", "int", "items", "join", "last", "length", "list",
        "lower",
        "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr",
        "slice", "sort", "string", "sum", "title", "tojson", "trim", "truncate", "unique", "upper", "wordcount",
        "filesizeformat", "pprint", "random", "striptags", "urlencode", "urlize", "wordwrap", "xmlattr",
    ]
}
