extension Renderer {
    /// `value.name`: a member of the type first, then an item of that name.
    @inline(never)
    func attribute(_ text: Text, _ name: String, of value: Value) throws(TemplateError) -> Value {
        try charge(text.count / 16)
        if let member = try member(text, name, of: value) { return member }
        if case .dict(let dict) = value, let item = dict.value(text) { return item }
        return .undefined(Undefined(name: name, owner: value.kind))
    }

    /// `value[index]`: an item first, then a member of that name.
    @inline(never)
    func item(_ index: Value, of value: Value) throws(TemplateError) -> Value {
        switch value {
        case .undefined: throw misuse(of: value, "an index")
        case .dict(let dict):
            // What cannot be a key is not there.
            try chargeKey(index)
            if let key = DictKey(index), let item = dict.value(key) { return item }
        case .list(let list) where !list.kind.isView:
            if let place = place(index, count: list.items.count) { return list.items[place] }
        case .string(let text):
            if let place = place(index, count: text.count) { return .string(text[place..<place + 1]) }
        case .range(let range):
            if let place = place(index, count: range.count) { return .int(range[place]) }
        default: break
        }
        guard case .string(let text) = index else {
            return .undefined(Undefined(name: try string(index).string, owner: value.kind))
        }
        let name = text.string
        return try member(text, name, of: value) ?? .undefined(Undefined(name: name, owner: value.kind))
    }

    private func place(_ index: Value, count: Int) -> Int? {
        guard let index = index.int else { return nil }
        let place = index < 0 ? index + count : index
        return (0..<count).contains(place) ? place : nil
    }

    /// What a type itself has by a name: methods, a loop's facts, a namespace's values.
    private func member(_ text: Text, _ name: String, of value: Value) throws(TemplateError) -> Value? {
        switch value {
        case .undefined: throw misuse(of: value, "a member")
        case .namespace(let namespace):
            try charge(namespace.members.count / 8)
            return namespace[text]
        case .loop(let loop): return loop.member(name)
        case .string: return try method(text, name, of: value, Self.stringMethods, forbidden: [])
        case .dict: return try method(text, name, of: value, Self.dictMethods, forbidden: Self.dictChanges)
        case .list(let list):
            switch list.kind {
            case .list:
                return try method(text, name, of: value, ["count", "index", "copy"], forbidden: Self.listChanges)
            case .tuple: return try method(text, name, of: value, ["count", "index"], forbidden: [])
            default: return nil
            }
        case .range: return try method(text, name, of: value, ["count", "index"], forbidden: [])
        case .function(let function):
            if case .global(.dict) = function.kind, name == "fromkeys" {
                return try self.function(.method(value, text))
            }
            return nil
        default: return nil
        }
    }

    private func method(
        _ text: Text, _ name: String, of value: Value, _ known: Set<String>, forbidden: Set<String>
    ) throws(TemplateError) -> Value? {
        if known.contains(name) { return try function(.method(value, text)) }
        if forbidden.contains(name) || (name.hasPrefix("__") && name.hasSuffix("__") && name.utf8.count > 4) {
            return .undefined(Undefined(name: name, owner: value.kind, isForbidden: true))
        }
        return nil
    }

    private static let dictMethods: Set<String> = ["copy", "fromkeys", "get", "items", "keys", "values"]
    private static let dictChanges: Set<String> = ["clear", "pop", "popitem", "setdefault", "update"]
    private static let listChanges: Set<String> = [
        "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort",
    ]

    /// `value[start:stop:step]`
    @inline(never)
    func slice(
        _ value: Value, _ start: Expression?, _ stop: Expression?, _ step: Expression?
    ) throws(TemplateError) -> Value {
        let count: Int
        switch value {
        case .string(let text): count = text.count
        case .list(let list) where !list.kind.isView: count = list.items.count
        case .range(let range): count = range.count
        default: throw misuse(of: value, "a slice")
        }
        let step = try bound(step) ?? 1
        if step == 0 { throw .fault("a slice with step 0") }
        let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
        func clamp(_ bound: Int?, _ other: Int) -> Int {
            guard let bound else { return other }
            return min(max(bound < 0 ? bound + count : bound, low), high)
        }
        let first = clamp(try bound(start), step > 0 ? low : high)
        let last = clamp(try bound(stop), step > 0 ? high : low)
        let distance = step > 0 ? last - first : first - last
        // The magnitude cannot overflow: the distance is at most `count`.
        let taken = distance <= 0 ? 0 : 1 + Int(UInt(distance - 1) / step.magnitude)
        return try taking(value, from: first, to: last, step: step, count: taken)
    }

    private func bound(_ expression: Expression?) throws(TemplateError) -> Int? {
        guard let expression else { return nil }
        let value = try evaluate(expression)
        if case .none = value { return nil }
        guard let bound = value.int else { throw misuse(of: value, "the place of a slice's border") }
        return bound
    }

    private func taking(
        _ value: Value, from first: Int, to last: Int, step: Int, count: Int
    ) throws(TemplateError) -> Value {
        switch value {
        case .string(let text):
            try checkText(count)
            if step == 1 { return .string(text[first..<first + count]) }
            try charge(count / 2)
            return .string(text.strided(from: first, step: step, count: count))
        case .list(let source):
            try checkList(count)
            var items: [Value] = []
            for index in 0..<count { items.append(source.items[first + index * step]) }
            return try list(items, source.kind, isTrusted: source.isTrusted)
        case .range(let range):
            func place(_ index: Int) -> Int { range.start &+ index &* range.step }
            return .range(
                RangeValue(start: place(first), stop: place(last), step: range.step &* step, count: count))
        default: throw misuse(of: value, "a slice")
        }
    }
}
