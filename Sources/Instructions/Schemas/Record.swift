import JSON

/// An object of a file, with the path that faults call it by.
struct Record {
    let object: JSONObject
    let path: String

    init(_ value: JSONValue, path: String = "") throws(FieldFault) {
        guard let object = value.object else { throw .wrongType(path, expected: .object, found: value) }
        self.object = object
        self.path = path
    }

    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// A member that is there and not null.
    subscript(key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    /// The first of these members that is there.
    func first(of keys: [String]) -> (key: String, value: JSONValue)? {
        for key in keys { if let value = self[key] { return (key, value) } }
        return nil
    }

    func string(_ key: String) throws(FieldFault) -> String? {
        guard let value = self[key] else { return nil }
        guard let string = value.string else { throw .wrongType(name(key), expected: .string, found: value) }
        return string
    }

    func requiredString(_ key: String) throws(FieldFault) -> String {
        guard let string = try string(key) else { throw .missing(name(key), expected: .string) }
        return string
    }

    func array(_ key: String) throws(FieldFault) -> [JSONValue]? {
        guard let value = self[key] else { return nil }
        guard let array = value.array else { throw .wrongType(name(key), expected: .array, found: value) }
        return array
    }

    func requiredArray(_ key: String) throws(FieldFault) -> [JSONValue] {
        guard let array = try array(key) else { throw .missing(name(key), expected: .array) }
        return array
    }
}

extension FieldFault {
    /// Kinds of values, as both languages call them.
    enum Kind: String {
        case string, array, object, boolean

        var zh: String {
            switch self {
            case .string: "字符串"
            case .array: "数组"
            case .object: "对象"
            case .boolean: "true 或 false"
            }
        }

        var en: String {
            switch self {
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            case .boolean: "true or false"
            }
        }
    }

    static func missing(_ field: String, expected: Kind) -> FieldFault {
        FieldFault(field, zh: "缺失；请补上\(expected.zh)", en: "is missing; give \(expected.en)")
    }

    static func wrongType(_ field: String, expected: Kind, found: JSONValue) -> FieldFault {
        FieldFault(
            field, zh: "应为\(expected.zh)，实为 \(found.kind)", en: "should be \(expected.en) and is \(found.kind)")
    }
}
