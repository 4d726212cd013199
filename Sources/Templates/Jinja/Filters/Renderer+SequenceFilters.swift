extension Renderer {
    /// Filters of lists and what can be walked.
    @inline(never)
    func filter(sequence name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        switch name {
        case "first":
            try arguments.none(name)
            if case .iterator(let iterator) = value { return iterator.next() ?? nothing(name) }
            return try elements(of: value).first ?? nothing(name)
        case "last":
            try arguments.none(name)
            return try reversible(value, name).last ?? nothing(name)
        case "list":
            try arguments.none(name)
            return try list(try elements(of: value), isTrusted: isTrusted(value))
        case "reverse":
            try arguments.none(name)
            if case .string(let text) = value {
                try chargeEach(text)
                return .string(text.strided(from: text.count - 1, step: -1, count: text.count))
            }
            if case .iterator = value { return try list(try elements(of: value).reversed()) }
            return try iterator(try elements(of: value).reversed())
        case "join":
            let given = try arguments.bind(["d", "attribute"], of: name)
            var texts: [Text] = []
            for item in try elements(of: value) {
                texts.append(try string(try attributes(given[1] ?? .none, of: item)))
            }
            return .string(try join(texts, try string(given[0] ?? .string(Text()))))
        case "items":
            try arguments.none(name)
            if case .undefined = value { return try iterator([]) }
            guard case .dict(let dict) = value else { throw misuse(of: value, "|items") }
            return try iterator(dict.items)
        case "sort": return try sort(value, try arguments.bind(["reverse", "case_sensitive", "attribute"], of: name))
        case "dictsort": return try sortDict(value, try arguments.bind(["case_sensitive", "by", "reverse"], of: name))
        case "unique": return try unique(value, try arguments.bind(["case_sensitive", "attribute"], of: name))
        case "groupby":
            return try group(
                value, try arguments.bind(["attribute", "default", "case_sensitive"], of: name, required: 1))
        case "batch": return try batch(value, try arguments.bind(["linecount", "fill_with"], of: name, required: 1))
        default: return try slice(value, try arguments.bind(["slices", "fill_with"], of: name, required: 1))
        }
    }

    private func nothing(_ name: String) -> Value { .undefined(Undefined(name: name, owner: "an empty sequence")) }

    private func isTrusted(_ value: Value) -> Bool {
        switch value {
        case .list(let list): list.isTrusted
        case .dict(let dict): dict.isTrusted
        default: true
        }
    }

    /// The items of what Python's `reversed` takes, which is no iterator.
    private func reversible(_ value: Value, _ name: String) throws(TemplateError) -> [Value] {
        if case .iterator = value { throw .fault("an iterator has no last item; |list makes a list of it first") }
        return try elements(of: value)
    }

    private func sort(_ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        let items = try elements(of: value)
        let isCaseSensitive = given[1]?.isTrue ?? false
        var paths: [Value] = [given[2] ?? .none]
        if case .string(let text)? = given[2] { paths = text.split(Text(","), max: .max).map(Value.string) }
        var keys: [Value] = []
        for item in items {
            var parts: [Value] = []
            for path in paths {
                parts.append(try sortKey(try attributes(path, of: item), isCaseSensitive: isCaseSensitive))
            }
            keys.append(try list(parts))
        }
        return try list(
            try sorted(items, keys: keys, descending: given[0]?.isTrue ?? false), isTrusted: isTrusted(value))
    }

    private func sortDict(_ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        guard case .dict(let dict) = value else { throw misuse(of: value, "|dictsort") }
        let by = given[1] == nil ? "key" : try text(given[1], "dictsort").string
        guard by == "key" || by == "value" else { throw .fault("'dictsort' sorts by 'key' or 'value'") }
        var keys: [Value] = []
        for part in by == "key" ? dict.keys : dict.values {
            keys.append(try sortKey(part, isCaseSensitive: given[0]?.isTrue ?? false))
        }
        return try list(
            try sorted(dict.items, keys: keys, descending: given[2]?.isTrue ?? false), isTrusted: dict.isTrusted)
    }

    private func unique(_ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        var seen: Set<DictKey> = []
        var items: [Value] = []
        for item in try elements(of: value) {
            let attribute = try attributes(given[1] ?? .none, of: item)
            let key = try sortKey(attribute, isCaseSensitive: given[0]?.isTrue ?? false)
            if seen.insert(try self.key(key)).inserted { items.append(item) }
        }
        return try iterator(items)
    }

    /// Pairs of a value and the items that have it, in the order of the values.
    private func group(_ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        let items = try elements(of: value)
        let isCaseSensitive = given[2]?.isTrue ?? false
        var pairs: [Value] = []
        var keys: [Value] = []
        for item in items {
            let name = try attributes(given[0] ?? .none, of: item, fallback: given[1])
            keys.append(try sortKey(name, isCaseSensitive: isCaseSensitive))
            pairs.append(try list([name, item, keys[keys.count - 1]], .tuple))
        }
        var groups: [(name: Value, key: Value, items: [Value])] = []
        for pair in try sorted(pairs, keys: keys, descending: false) {
            guard case .list(let parts) = pair else { continue }
            if let last = groups.last, try isEqual(last.key, parts.items[2]) {
                groups[groups.count - 1].items.append(parts.items[1])
            } else {
                groups.append((parts.items[0], parts.items[2], [parts.items[1]]))
            }
        }
        var result: [Value] = []
        for group in groups { result.append(try list([group.name, try list(group.items)], .tuple)) }
        return try list(result)
    }

    private func batch(_ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        guard let size = given[0]?.int else { throw .fault("'batch' needs a whole number") }
        var batches: [[Value]] = []
        for item in try elements(of: value) {
            if batches.isEmpty || batches[batches.count - 1].count == size { batches.append([]) }
            batches[batches.count - 1].append(item)
        }
        if let fill = given[1], !fill.isNone, let last = batches.last, last.count < size {
            try checkList(size)
            batches[batches.count - 1] += Array(repeating: fill, count: size - last.count)
        }
        var result: [Value] = []
        for batch in batches { result.append(try list(batch)) }
        return try iterator(result)
    }

    private func slice(_ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        guard let slices = given[0]?.int, slices != 0 else { throw .fault("'slice' needs a whole number, not zero") }
        let items = try elements(of: value)
        if slices < 0 { return try iterator([]) }
        try checkList(slices)
        let (size, extra) = (items.count / slices, items.count % slices)
        var result: [Value] = []
        var start = 0
        for index in 0..<slices {
            let end = start + size + (index < extra ? 1 : 0)
            var part = Array(items[start..<end])
            if let fill = given[1], !fill.isNone, index >= extra { part.append(fill) }
            result.append(try list(part))
            start = end
        }
        return try iterator(result)
    }

    /// `map`, `select`, `reject` and the same by an attribute.
    @inline(never)
    func filter(selection name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        if name == "map" { return try map(value, arguments) }
        let byAttribute = name.hasSuffix("attr")
        let keeps = name.hasPrefix("select")
        var items: [Value] = []
        if !value.isTrue { return try iterator(items) }
        var rest = arguments
        var path = Value.none
        if byAttribute {
            if rest.positional.isEmpty { throw .fault("'\(name)' needs the name of an attribute") }
            path = rest.positional.removeFirst()
        }
        var testName: String?
        if !rest.positional.isEmpty { testName = try text(rest.positional.removeFirst(), name).string }
        for item in try elements(of: value) {
            let subject = byAttribute ? try attributes(path, of: item) : item
            let holds = if let testName { try test(testName, subject, rest) } else { subject.isTrue }
            if holds == keeps { items.append(item) }
        }
        return try iterator(items)
    }

    private func map(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        var items: [Value] = []
        // Nothing is done with nothing, be it a list or not.
        if !value.isTrue { return try iterator(items) }
        if arguments.positional.isEmpty, arguments.named.contains(where: { $0.name == "attribute" }) {
            let given = try arguments.bind(["attribute", "default"], of: "map")
            for item in try elements(of: value) {
                items.append(try attributes(given[0] ?? .none, of: item, fallback: given[1]))
            }
        } else {
            var rest = arguments
            if rest.positional.isEmpty { throw .fault("'map' needs a filter's name or attribute='…'") }
            let filterName = try text(rest.positional.removeFirst(), "map").string
            for item in try elements(of: value) { items.append(try filter(filterName, item, rest)) }
        }
        return try iterator(items)
    }
}
