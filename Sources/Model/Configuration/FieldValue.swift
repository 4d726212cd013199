import JSON
import Weights

/// A value of a configuration, from GGUF metadata or JSON.
enum FieldValue: CustomStringConvertible {
    case int(Int)
    case number(Double)
    case bool(Bool)
    case text(String)
    case list([FieldValue])
    case other(String)

    /// Elements of a list that are read: no field of a configuration has more than one a layer.
    static let listElementsMax = 4096

    init(_ value: MetadataValue) {
        if let int = value.int {
            self = .int(int)
        } else if let number = value.double {
            self = .number(number)
        } else if let bool = value.bool {
            self = .bool(bool)
        } else if let text = value.string {
            self = .text(text)
        } else if let array = value.array {
            self.init(array)
        } else {
            self = .other("an integer above 2^63")
        }
    }

    private init(_ array: MetadataArray) {
        if array.count > Self.listElementsMax {
            self = .other("a list of \(array.count)")
        } else if let ints = array.ints {
            self = .list(ints.map(FieldValue.int))
        } else if let bools = array.bools {
            self = .list(bools.map(FieldValue.bool))
        } else if let floats = array.floats {
            self = .list(floats.map { .number(Double($0)) })
        } else {
            self = .other("a list of \(array.kind)")
        }
    }

    /// Nil for JSON's null, which means that a field is absent.
    init?(_ value: JSONValue) {
        switch value {
        case .null: return nil
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .number(value)
        case .string(let value): self = .text(value)
        case .array(let items) where items.count <= Self.listElementsMax:
            self = .list(items.map { FieldValue($0) ?? .other("null") })
        case .array(let items): self = .other("a list of \(items.count)")
        case .object: self = .other("an object")
        }
    }

    /// An integer, or a number without a fraction.
    var int: Int? {
        switch self {
        case .int(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// For errors: short, and without what could drive a terminal.
    var description: String {
        switch self {
        case .int(let value): "\(value)"
        case .number(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .text(let value): shown(value)
        case .list(let values): "a list of \(values.count)"
        case .other(let kind): kind
        }
    }
}
