import Foundation
import Grammar
import JSON
import Testing

/// Random schemas of many kinds, beside what Python's jsonschema says of texts (Goldens/make_schemas.py).
@Suite struct SchemaGoldenTests {
    @Test func fitsExactlyWhatIsValid() throws {
        let file = try #require(Bundle.module.url(forResource: "Goldens/schemas", withExtension: "json"))
        let cases = try #require(try JSONValue(parsing: Data(contentsOf: file)).array)
        #expect(cases.count > 80)
        for item in cases {
            let kind = item["kind"]?.string ?? ""
            let grammar = try Grammar(jsonSchema: item["schema"] ?? .null)
            for text in item["valid"]?.array ?? [] {
                #expect(grammar.matches(text.string ?? ""), "\(kind): \(text) is refused")
            }
            for text in item["invalid"]?.array ?? [] {
                #expect(!grammar.matches(text.string ?? ""), "\(kind): \(text) is taken")
            }
        }
    }
}
