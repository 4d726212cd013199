/// The metadata of a GGUF file: values by key, keys in the file's order.
///
///     let layers = metadata.int("qwen2.block_count")
///     let tokens = metadata.strings("tokenizer.ggml.tokens")
///
/// An accessor is nil when the key is absent or holds another type.
public struct Metadata: Sendable {
    /// In the file's order.
    public private(set) var keys: [String] = []
    private var values: [String: MetadataValue] = [:]

    public init() {}

    /// Of the entries in their order; of a repeated key the last value counts.
    package init(_ entries: KeyValuePairs<String, MetadataValue>) {
        for (key, value) in entries { _ = add(key, value) }
    }

    public var count: Int { keys.count }

    public subscript(key: String) -> MetadataValue? { values[key] }

    public func string(_ key: String) -> String? { values[key]?.string }
    public func bool(_ key: String) -> Bool? { values[key]?.bool }
    public func int(_ key: String) -> Int? { values[key]?.int }
    public func double(_ key: String) -> Double? { values[key]?.double }
    public func strings(_ key: String) -> [String]? { values[key]?.array?.strings }
    public func ints(_ key: String) -> [Int]? { values[key]?.array?.ints }
    public func floats(_ key: String) -> [Float]? { values[key]?.array?.floats }
    public func bools(_ key: String) -> [Bool]? { values[key]?.array?.bools }

    /// False when the key was there already; it has the new value then.
    package mutating func add(_ key: String, _ value: MetadataValue) -> Bool {
        guard values.updateValue(value, forKey: key) == nil else { return false }
        keys.append(key)
        return true
    }
}
