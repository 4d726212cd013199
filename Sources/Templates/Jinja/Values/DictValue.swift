/// A dictionary in the order it was written.
final class DictValue {
    let keys: [Value]
    let values: [Value]
    /// As `ListValue.isTrusted`.
    let isTrusted: Bool
    let depth: Int
    /// Positions by key, kept only where a linear search would be slower.
    private let index: [DictKey: Int]
    private static let linearSearchMax = 8

    var count: Int { keys.count }

    init(_ members: DictMembers, isTrusted: Bool) {
        keys = members.keys
        values = members.values
        self.isTrusted = isTrusted
        index = members.keys.count > Self.linearSearchMax ? members.index : [:]
        depth = 1 + max(keys.lazy.map(\.depth).max() ?? 0, values.lazy.map(\.depth).max() ?? 0)
    }

    func value(_ name: Text) -> Value? {
        if count > Self.linearSearchMax { return index[.string(name)].map { values[$0] } }
        for (place, key) in keys.enumerated() {
            if case .string(let text) = key, text == name { return values[place] }
        }
        return nil
    }

    func value(_ key: DictKey) -> Value? {
        if case .string(let name) = key { return value(name) }
        if count > Self.linearSearchMax { return index[key].map { values[$0] } }
        for (place, other) in keys.enumerated() where DictKey(other) == key { return values[place] }
        return nil
    }

    /// The pairs as tuples.
    var items: [Value] {
        zip(keys, values).map { .list(ListValue([$0, $1], .tuple, isTrusted: isTrusted)) }
    }
}

/// A dictionary in the making: a repeated key keeps its place and takes the new value.
struct DictMembers {
    private(set) var keys: [Value] = []
    private(set) var values: [Value] = []
    private(set) var index: [DictKey: Int] = [:]

    mutating func set(_ key: Value, _ value: Value) throws(TemplateError) {
        guard let hashed = DictKey(key) else { throw .fault("\(key.kind) cannot be a dictionary's key") }
        if let place = index[hashed] {
            values[place] = value
        } else {
            index[hashed] = keys.count
            keys.append(key)
            values.append(value)
        }
    }

    /// Adds a member whose name is known to be new.
    mutating func append(_ name: Text, _ value: Value) {
        index[.string(name)] = keys.count
        keys.append(.string(name))
        values.append(value)
    }
}

/// A key as Python compares it: 1, 1.0 and True are one key.
enum DictKey: Hashable {
    case undefined, none
    case int(Int)
    case float(Double)
    case string(Text)
    case tuple([DictKey])
    case identity(ObjectIdentifier)

    /// nil for what Python cannot hash.
    init?(_ value: Value) {
        switch value {
        case .undefined: self = .undefined
        case .none: self = .none
        case .bool(let value): self = .int(value ? 1 : 0)
        case .int(let value): self = .int(value)
        case .float(let value): self = Int(exactly: value).map(DictKey.int) ?? .float(value)
        case .string(let text): self = .string(text)
        case .list(let list):
            guard list.kind == .tuple else { return nil }
            var parts: [DictKey] = []
            for item in list.items {
                guard let part = DictKey(item) else { return nil }
                parts.append(part)
            }
            self = .tuple(parts)
        case .range(let range): self = .tuple([.int(range.start), .int(range.step), .int(range.count)])
        case .iterator(let object): self = .identity(ObjectIdentifier(object))
        case .namespace(let object): self = .identity(ObjectIdentifier(object))
        case .loop(let object): self = .identity(ObjectIdentifier(object))
        case .function(let object): self = .identity(ObjectIdentifier(object))
        case .dict: return nil
        }
    }
}
