import JSON

/// A schema and where it stands in its document, as a JSON pointer.
struct Schema: Hashable {
    let pointer: String
    let value: JSONValue

    /// Two schemas are the same when they stand at the same place.
    static func == (left: Schema, right: Schema) -> Bool { left.pointer == right.pointer }
    func hash(into hasher: inout Hasher) { hasher.combine(pointer) }

    func child(_ key: String, _ value: JSONValue) -> Schema {
        Schema(pointer: pointer + "/" + Self.escaped(key), value: value)
    }

    static func escaped(_ key: String) -> String {
        String(key.flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) })
    }

    func place(_ key: String) -> String { pointer + "/" + Self.escaped(key) }

    /// What the schema asserts; nil for `true` and `false`.
    var keywords: JSONObject? { value.object }

    /// Keywords that say nothing of whether a value fits.
    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "$defs", "definitions", "$anchor", "title", "description", "default", "examples",
        "example", "deprecated", "readOnly", "writeOnly", "contentEncoding", "contentMediaType", "contentSchema",
        "discriminator", "nullable", "externalDocs", "xml", "strict",
    ]

    /// Keywords with a meaning for the value, known or not.
    var assertions: [String] {
        (keywords.map { $0.map(\.key) } ?? []).filter { !Self.annotations.contains($0) && Self.known.contains($0) }
    }

    static let known = supported.union(unsupported)

    private static let supported: Set<String> = [
        "type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "properties", "required", "additionalProperties",
        "patternProperties", "minProperties", "maxProperties", "items", "prefixItems", "additionalItems", "minItems",
        "maxItems", "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "multipleOf", "unevaluatedProperties",
    ]

    /// Keywords that cannot be held to, so that a schema with one is refused.
    static let unsupported: Set<String> = [
        "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies", "propertyNames",
        "unevaluatedItems", "contains", "minContains", "maxContains", "uniqueItems", "$dynamicRef", "$recursiveRef",
    ]
}
