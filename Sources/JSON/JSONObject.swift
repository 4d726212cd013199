/// The members of a JSON object in the order they were written.
///
/// A repeated key keeps its first place and its last value.
public struct JSONObject: Sendable {
    private var keys: [String] = []
    private var values: [JSONValue] = []
    /// Positions by key, kept only once a linear search would be slower.
    private var index: [String: Int] = [:]
    private static let linearSearchMax = 12

    public init() {}

    public init(_ members: [(key: String, value: JSONValue)]) {
        for (key, value) in members { self[key] = value }
    }

    public var count: Int { keys.count }
    public var isEmpty: Bool { keys.isEmpty }

    /// Reads a member; writing nil removes it.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { values[$0] } }
        set {
            switch (position(of: key), newValue) {
            case (let place?, let value?): values[place] = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    private func position(of key: String) -> Int? {
        keys.count <= Self.linearSearchMax ? keys.firstIndex(of: key) : index[key]
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        keys.append(key)
        values.append(value)
        if keys.count == Self.linearSearchMax + 1 {
            index = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
        } else if keys.count > Self.linearSearchMax {
            index[key] = keys.count - 1
        }
    }

    private mutating func remove(at place: Int) {
        keys.remove(at: place)
        values.remove(at: place)
        index =
            keys.count > Self.linearSearchMax ? Dictionary(uniqueKeysWithValues: zip(keys, keys.indices)) : [:]
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { keys.count }
    public subscript(position: Int) -> (key: String, value: JSONValue) { (keys[position], values[position]) }
}

/// Equal when the same keys have equal values, in any order.
extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(Set(keys))
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { (key: $0, value: $1) })
    }
}
