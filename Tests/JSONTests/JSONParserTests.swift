import JSON
import Testing

@Suite struct JSONParserTests {
    static let readable: [(String, JSONValue)] = [
        ("null", .null), ("-12", .int(-12)), ("1.5e3", .double(1500)), ("9223372036854775807", .int(.max)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)), (#""a\u4f60\ud83d\ude00\n""#, "a你😀\n"),
        (#""\ud800x""#, "\u{FFFD}x"), (" [ ] ", .array([])), ("\u{FEFF}1", 1),
        (#"{"b":1,"a":[true,{}]}"#, ["b": 1, "a": .array([true, .object(JSONObject())])]),
    ]

    @Test(arguments: readable)
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", "nul", "01", "1.", "-", "+1", "[1,]", "[1 2]", "{a:1}", #"{"a"1}"#, #""\x""#, "\"\n\"", #""abc"#, "1 2",
        "1e999", #""\u12""#, "[", #"{"a":"#,
    ])
    func refuses(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func refusesInvalidUTF8() {
        #expect(throws: JSONError(offset: 1, reason: "a string is not valid UTF-8")) {
            try JSONValue(parsing: [0x22, 0xFF, 0x22])
        }
    }

    @Test func stopsAtTheDepthLimit() throws {
        let deep = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        _ = try JSONValue(parsing: deep(64))
        #expect(throws: JSONError.self) { try JSONValue(parsing: deep(65)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test func keepsOrderAndTheLastOfRepeatedKeys() throws {
        let text = "{" + (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + #","k3":"x"}"#
        let object = try #require(try JSONValue(parsing: text).object)
        #expect(object.map(\.key) == (0..<40).map { "k\($0)" })
        #expect(object["k3"] == "x" && object["k39"] == 39 && object["none"] == nil)
    }

    @Test func refusesRepeatedKeysWhereAsked() throws {
        let limits = JSONLimits(allowsRepeatedKeys: false)
        _ = try JSONValue(parsing: #"{"a":{"a":1},"b":[{"a":2}]}"#, limits: limits)
        #expect(throws: JSONError.self) { try JSONValue(parsing: #"{"a":1,"b":2,"a":1}"#, limits: limits) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: #"[{"x":{"é":1,"é":2}}]"#, limits: limits) }
    }
}
