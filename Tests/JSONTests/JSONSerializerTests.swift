import JSON
import Testing

@Suite struct JSONSerializerTests {
    let value: JSONValue = ["b": [1, 2.5, nil], "a": "\"\\\u{1}\n你"]

    @Test func writesCompactPythonAndPretty() {
        #expect(value.serialized() == #"{"b":[1,2.5,null],"a":"\"\\\u0001\n你"}"#)
        #expect(value.serialized(.python) == #"{"b": [1, 2.5, null], "a": "\"\\\u0001\n你"}"#)
        let nested: JSONValue = ["a": [1], "b": .array([])]
        #expect(nested.serialized(.pretty) == "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}")
    }

    @Test func readsBackWhatItWrites() throws {
        #expect(try JSONValue(parsing: value.serialized()) == value)
        #expect(value.serialized(.init(sortsKeys: true)).hasPrefix(#"{"a""#))
    }
}
