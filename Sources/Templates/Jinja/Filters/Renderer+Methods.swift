extension Renderer {
    /// Calls a method that `member` has found.
    @inline(never)
    func call(method name: String, of receiver: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        try charge(8)
        switch receiver {
        case .string(let text):
            try charge(text)
            return try call(stringMethod: name, of: text, arguments)
        case .dict(let dict): return try call(dictMethod: name, of: dict, arguments)
        case .list(let list): return try call(listMethod: name, of: list, arguments)
        case .range:
            return try call(listMethod: name, of: ListValue(try elements(of: receiver), isTrusted: true), arguments)
        case .function: return try fromKeys(arguments)
        default: throw misuse(of: receiver, "the method '\(name)'")
        }
    }

    private func call(
        dictMethod name: String, of dict: DictValue, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        if name == "get" {
            let given = try arguments.positionals(2, of: "get", required: 1)
            return dict.value(try key(given[0] ?? .none)) ?? given[1] ?? .none
        }
        if name == "fromkeys" { return try fromKeys(arguments) }
        _ = try arguments.positionals(0, of: name)
        try charge(dict.count)
        switch name {
        case "keys": return try list(dict.keys, .keys, isTrusted: dict.isTrusted)
        case "values": return try list(dict.values, .values, isTrusted: dict.isTrusted)
        case "items": return try list(dict.items, .items, isTrusted: dict.isTrusted)
        default: return .dict(dict)
        }
    }

    private func fromKeys(_ arguments: Arguments) throws(TemplateError) -> Value {
        let given = try arguments.positionals(2, of: "fromkeys", required: 1)
        var members = DictMembers()
        for key in try elements(of: given[0] ?? .none) {
            try chargeKey(key)
            try members.set(key, given[1] ?? .none)
        }
        return try dict(members)
    }

    private func call(
        listMethod name: String, of list: ListValue, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        if name == "copy" {
            _ = try arguments.positionals(0, of: name)
            return .list(list)
        }
        let given = try arguments.positionals(name == "index" ? 3 : 1, of: name, required: 1)
        var places: [Int] = []
        for (place, item) in list.items.enumerated() {
            try charge(1)
            if try isEqual(item, given[0] ?? .none) { places.append(place) }
        }
        if name == "count" { return .int(places.count) }
        let range = try self.range(given[1], given[2], count: list.items.count)
        guard let first = places.first(where: { range.contains($0) }) else {
            throw .fault("the value is not in the list")
        }
        return .int(first)
    }

    /// The range of Python's `start` and `end` arguments, which count from the end when negative.
    func range(_ start: Value?, _ end: Value?, count: Int) throws(TemplateError) -> Range<Int> {
        func place(_ value: Value?, _ other: Int) throws(TemplateError) -> Int {
            guard let value, !value.isNone else { return other }
            guard let place = value.int else { throw misuse(of: value, "the place of an index") }
            return min(max(place < 0 ? place + count : place, 0), count)
        }
        let (start, end) = (try place(start, 0), try place(end, count))
        return start..<max(start, end)
    }
}

extension Arguments {
    /// Arguments of a function that knows them by place alone, padded with nil.
    func positionals(_ count: Int, of function: String, required: Int = 0) throws(TemplateError) -> [Value?] {
        if let extra = named.first { throw .fault("'\(function)' has no argument '\(extra.name)'") }
        if positional.count > count || positional.count < required {
            throw .fault("'\(function)' takes \(required) to \(count) arguments, not \(positional.count)")
        }
        return positional.map(Optional.some) + Array(repeating: nil, count: count - positional.count)
    }
}
