import JSON

/// A client's JSON object, read field by field; a wrong type or range is an `APIError` that names the field.
///
/// Null counts as absent, as it does for OpenAI. Unknown fields are ignored.
package struct RequestFields {
    let object: JSONObject
    /// Where this object stands in the body, such as `messages[2]`; empty for the body itself.
    let path: String

    package init(_ value: JSONValue, path: String = "") throws {
        guard let object = value.object else {
            throw path.isEmpty
                ? APIError(
                    .badRequest, "The body must be a JSON object, but it is \(value.kind).", code: "invalid_type")
                : APIError.wrongType(path, expected: "an object", got: value)
        }
        self.object = object
        self.path = path
    }

    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The field as it is, or nil when absent or null.
    func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func string(_ key: String) throws -> String? {
        try read(key, "a string") { $0.string }
    }

    func requiredString(_ key: String) throws -> String {
        guard let text = try string(key) else { throw APIError.missing(name(key)) }
        return text
    }

    func bool(_ key: String) throws -> Bool? {
        try read(key, "a boolean") { $0.bool }
    }

    func int(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let number = try read(key, "an integer", { $0.int }) else { return nil }
        guard range.contains(number) else {
            throw APIError.invalid(
                name(key), "\(number) is outside \(range.lowerBound)…\(range.upperBound).")
        }
        return number
    }

    func double(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let number = try read(key, "a number", { $0.double }) else { return nil }
        guard range.contains(number) else {
            throw APIError.invalid(name(key), "\(number) is outside \(range.lowerBound)…\(range.upperBound).")
        }
        return number
    }

    func array(_ key: String) throws -> [JSONValue]? {
        try read(key, "an array") { $0.array }
    }

    func fields(_ key: String) throws -> RequestFields? {
        try value(key).map { try RequestFields($0, path: name(key)) }
    }

    /// One string or an array of at most `countMax` strings.
    func strings(_ key: String, countMax: Int) throws -> [String] {
        guard let value = value(key) else { return [] }
        if let one = value.string { return [one] }
        guard let items = value.array else {
            throw APIError.wrongType(name(key), expected: "a string or an array", got: value)
        }
        guard items.count <= countMax else {
            throw APIError.invalid(name(key), "\(items.count) entries, the limit is \(countMax).")
        }
        return try items.enumerated().map { place, item in
            guard let text = item.string else {
                throw APIError.wrongType("\(name(key))[\(place)]", expected: "a string", got: item)
            }
            return text
        }
    }

    private func read<Value>(_ key: String, _ expected: String, _ convert: (JSONValue) -> Value?) throws -> Value? {
        guard let value = value(key) else { return nil }
        guard let converted = convert(value) else {
            throw APIError.wrongType(name(key), expected: expected, got: value)
        }
        return converted
    }
}
