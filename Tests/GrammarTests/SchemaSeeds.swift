/// Schemas with what fits them and what does not, one a line.
enum SchemaSeeds {
    /// A schema, texts that fit it, texts that do not.
    typealias Case = (schema: String, fitting: [String], other: [String])

    static let valueCases: [Case] = [
        (##"{"type": "integer"}"##, ["0", "-7", "123"], ["01", "-0x", "1.5", "", "\"1\""]),
        (
            ##"{"type": ["string", "null"]}"##, ["null", ##""a\"\u4f60😀""##],
            [##""a"##, "true", "\"\n\"", ##""\ud800""##]
        ),
        (
            ##"{"type": "integer", "minimum": -12, "exclusiveMaximum": 305}"##, ["-12", "0", "9", "99", "304"],
            ["-13", "305", "-0"]
        ),
        (
            ##"{"type": "number", "minimum": 0.25, "maximum": 10.5}"##, ["0.25", "0.3", "1", "9.99", "10.5", "10.50"],
            ["0.2", "0", "10.51", "11"]
        ),
        (
            ##"{"type": "number", "exclusiveMinimum": -1, "maximum": 0}"##, ["0", "-0.5", "-0.999"],
            ["-1", "0.1", "-1.0", "1"]
        ),
        (##"{"type": "integer", "multipleOf": 7, "minimum": 10}"##, ["14", "700"], ["7", "15", "-14"]),
        (##"{"type": "number", "multipleOf": 0.01}"##, ["1.25", "3", "0.1"], ["0.125", "1e5"]),
        (
            ##"{"type": "string", "minLength": 2, "maxLength": 3}"##, [##""ab""##, ##""你好吗""##, ##""\n\u0041b""##],
            [##""a""##, ##""abcd""##]
        ),
        (
            ##"{"type": "string", "pattern": "^[a-c]+$", "maxLength": 4}"##, [##""abc""##],
            [##""""##, ##""abcab""##, ##""d""##]
        ),
        (##"{"type": "string", "pattern": "b\\d"}"##, [##""b1""##, ##""xxb1\n""##], [##""b""##]),
        (
            ##"{"enum": ["a", 1, null, {"x": [1, "y"]}]}"##, [##""a""##, "1", "null", ##"{"x": [1,"y"]}"##],
            [##""b""##, "2"]
        ),
        (##"{"enum": ["a", "bb", "ccc", 4], "minLength": 2}"##, [##""bb""##, "4"], [##""a""##]),
        (##"{"const": {"a": 1.5}}"##, [##"{"a":1.5}"##], [##"{"a":1}"##]),
        (
            ##"{"type": "string", "format": "date"}"##, [##""2024-02-29""##, ##""2023-12-31""##],
            [##""2023-02-29""##, ##""2023-13-01""##]
        ),
        (
            ##"{"type": "string", "format": "uuid", "pattern": "^f"}"##, [##""f23e4567-e89b-12d3-a456-426614174000""##],
            [##""a23e4567-e89b-12d3-a456-426614174000""##]
        ),
        (
            ##"{"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 3}"##,
            ["[true]", "[true, false,true]"], ["[]", "[true,true,true,true]", "[true,]"]
        ),
        (
            ##"{"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false}"##,
            ["[]", "[1]", ##"[1, "a"]"##], [##"["a"]"##, ##"[1,"a",2]"##]
        ),
        (
            ##"{"type": "array", "prefixItems": [{"const": 1}], "items": {"const": 2}, "minItems": 3}"##,
            ["[1,2,2]", "[1,2,2,2]"], ["[1,2]", "[2,2,2]"]
        ),
    ]

    static let objectCases: [Case] = [
        (
            ##"{"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}, "c": {}}, "required": ["b"]}"##,
            [##"{"b": "x"}"##, ##"{"a":1,"b":"x"}"##, ##"{"a": 1, "b": "x", "c": [null]}"##],
            ["{}", ##"{"b":"x","a":1}"##, ##"{"a":1}"##, ##"{"b":"x","d":1}"##, ##"{,"b":"x"}"##]
        ),
        (
            ##"{"type": "object", "additionalProperties": {"type": "integer"}, "properties": {"n": {"type": "string"}}}"##,
            [##"{"n":"x","m":1}"##, ##"{"m":1, "nn":2}"##, "{}"], [##"{"n":1}"##, ##"{"m":"x"}"##, ##"{"\u006e":1}"##]
        ),
        (
            ##"{"type": "object", "patternProperties": {"^x": {"type": "integer"}, "y$": {"minimum": 5, "type": "number"}}, "additionalProperties": false}"##,
            [##"{"xa":1,"by":5.5,"xy":7}"##], [##"{"xy":3}"##, ##"{"z":1}"##, ##"{"xa":1.5}"##]
        ),
        (
            ##"{"type": "object", "minProperties": 1, "maxProperties": 2}"##, [##"{"a":1}"##, ##"{"a":1,"b":2}"##],
            ["{}", ##"{"a":1,"b":2,"c":3}"##]
        ),
        (
            ##"{"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "minProperties": 2}"##,
            [##"{"a":1,"c":2}"##], ["{}", ##"{"b":1}"##]
        ),
        (
            ##"{"allOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"], "type": "object"}, {"properties": {"a": {"minimum": 3}, "b": {"const": 1}}}]}"##,
            [##"{"a":3}"##, ##"{"a":4,"b":1}"##], [##"{"a":2}"##, "{}"]
        ),
        (
            ##"{"anyOf": [{"type": "object", "properties": {"k": {"const": "x"}}, "required": ["k"]}, {"type": "array"}], "description": "d"}"##,
            [##"{"k":"x"}"##, "[1]"], [##"{"k":"y"}"##, "1"]
        ),
        (
            ##"{"oneOf": [{"type": "object", "properties": {"k": {"const": "x"}}, "required": ["k"]}, {"type": "object", "properties": {"k": {"const": "y"}, "v": {"type": "integer"}}, "required": ["k", "v"]}]}"##,
            [##"{"k":"x"}"##, ##"{"k":"y","v":1}"##], [##"{"k":"y"}"##]
        ),
        (
            ##"{"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {"v": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}}, "required": ["v", "next"]}}}"##,
            [##"{"v":1,"next":{"v":2,"next":null}}"##], [##"{"v":1}"##, ##"{"v":1,"next":{}}"##]
        ),
        (##"{"type": "object", "required": ["z"]}"##, [##"{"z":[{}]}"##], ["{}"]),
        ("true", ["1", ##"{"a":[1,{"b":null}]}"##], ["", "{"]),
    ]

    static let refusedCases: [(String, String)] = [
        (##"{"type": "object", "properties": {"a/b": {"not": {"type": "null"}}}}"##, "#/properties/a~1b/not"),
        (##"{"type": "array", "uniqueItems": true}"##, "#/uniqueItems"),
        (##"{"if": {}, "then": {}}"##, "#/if"), (##"{"type": "text"}"##, "#/type"),
        (##"{"$ref": "other.json"}"##, "#/$ref"),
        (##"{"$ref": "#/$defs/none"}"##, "#/$ref"), (##"{"pattern": "(a)\\1", "type": "string"}"##, "#/pattern"),
        (##"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"##, "#/oneOf"), (##"{"enum": 1}"##, "#/enum"),
        (##"{"type": "number", "multipleOf": 0.3}"##, "#/multipleOf"), (##"{"minLength": -1}"##, "#/minLength"),
        (##"{"type": "string", "format": "regex"}"##, "#/format"), ("3", "#"), (##"{"anyOf": []}"##, "#/anyOf"),
        (##"{"properties": []}"##, "#/properties"),
        (##"{"type": "object", "additionalProperties": true, "minProperties": 3}"##, "#/minProperties"),
    ]

    static let impossible: [String] = [
        "false", ##"{"enum": []}"##, ##"{"type": "integer", "minimum": 3, "maximum": 2}"##,
        ##"{"allOf": [{"type": "string"}, {"type": "null"}]}"##,
        ##"{"$ref": "#"}"##, ##"{"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}"##,
        ##"{"type": "string", "minLength": 3, "pattern": "^a$"}"##,
        ##"{"type": "array", "minItems": 2, "maxItems": 1}"##,
        ##"{"type": "integer", "minimum": 1.2, "maximum": 1.8}"##,
    ]
}
