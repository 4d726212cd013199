import Grammar
import JSON
import Testing

@Suite struct JSONSchemaTests {

    static func grammar(_ schema: String) throws -> Grammar { try Grammar(jsonSchema: JSONValue(parsing: schema)) }

    @Test(arguments: SchemaSeeds.valueCases)
    func values(schema: String, fitting: [String], other: [String]) throws {
        let grammar = try Self.grammar(schema)
        for text in fitting { #expect(grammar.matches(text), "\(text)") }
        for text in other { #expect(!grammar.matches(text), "\(text)") }
    }

    @Test(arguments: SchemaSeeds.objectCases)
    func objects(schema: String, fitting: [String], other: [String]) throws {
        let grammar = try Self.grammar(schema)
        for text in fitting { #expect(grammar.matches(text), "\(text)") }
        for text in other { #expect(!grammar.matches(text), "\(text)") }
    }

    @Test(arguments: SchemaSeeds.refusedCases)
    func refusesWhatItCannotHoldTo(schema: String, place: String) throws {
        do {
            _ = try Self.grammar(schema)
            Issue.record("\(schema) was taken")
        } catch let error as GrammarError {
            #expect("\(error)".contains(place + ":"), "\(error)")
        }
    }

    @Test(arguments: SchemaSeeds.impossible)
    func impossibleSchemasAreErrors(schema: String) {
        #expect(throws: GrammarError.self) { try Self.grammar(schema) }
    }

    @Test func jsonModeTakesAnyObjectUpToItsDepth() throws {
        let grammar = try Grammar.jsonObject()
        #expect(grammar.matches(#"{"a": [1.5e3, {"b": "你好"}, true], "c": null}"#))
        #expect(!grammar.matches("[1]") && !grammar.matches(#"{"a":  1}"#))
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        }
        let limit = GrammarLimits().anyValueDepthMax
        #expect(grammar.matches(nested(limit)) && !grammar.matches(nested(limit + 1)))
    }

    @Test func hostileSchemasAreRefusedOrReadInTime() throws {
        let names = (0..<5000).map { "value number \($0)" }
        let values = JSONValue.array(names.map(JSONValue.string))
        let large = try Grammar(jsonSchema: ["enum": values])
        #expect(large.matches("\"value number 4321\""))
        // A chain and a circle of references.
        var defs: [(key: String, value: JSONValue)] = (0..<5000).map {
            ("d\($0)", ["$ref": .string("#/$defs/d\($0 + 1)")])
        }
        defs.append(("d5000", ["type": "null"]))
        let chain: JSONValue = ["$ref": "#/$defs/d0", "$defs": .object(JSONObject(defs))]
        #expect(try Grammar(jsonSchema: chain).matches("null"))
        let circle: JSONValue = ["allOf": [["$ref": "#"], ["type": "object"]]]
        #expect(throws: GrammarError.self) { try Grammar(jsonSchema: circle) }
        let pair: JSONValue = ["anyOf": [["type": "null"], ["type": "string"]]]
        let product: JSONValue = ["allOf": .array(Array(repeating: pair, count: 40))]
        _ = try Grammar(jsonSchema: product)
        let optional = JSONObject((0..<500).map { ("p\($0)", ["type": "integer"]) })
        _ = try Grammar(jsonSchema: ["type": "object", "properties": .object(optional)])
    }
}
