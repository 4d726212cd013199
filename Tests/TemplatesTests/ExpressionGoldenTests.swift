import Foundation
import JSON
import Templates
import Testing

@Suite struct ExpressionGoldenTests {
    /// Each small template of expressions.json gives jinja2's text, or fails where jinja2 failed.
    @Test func eachTemplateGivesWhatJinjaGives() throws {
        let golden = try Golden.json("expressions.json")
        let variables = Golden.variables(golden["variables"])
        let cases = try #require(golden["cases"]?.array)
        #expect(cases.count >= 250)
        for item in cases {
            let source = try #require(item["source"]?.string)
            let expected = item["expected"]?.string
            #expect(Self.render(source, variables, try Golden.now) == expected, "\(source)")
        }
    }

    private static func render(_ source: String, _ variables: [String: JSONValue], _ now: Date) -> String? {
        try? ChatTemplate(source: source, bosToken: "", eosToken: "")
            .render(messages: [], tools: nil, addGenerationPrompt: false, extra: variables, now: now).text
    }
}
