import Hub
import Testing

struct ModelNameTests {
    @Test(arguments: [
        "", ".", "..", "../x", "a/b", "/etc", "a\\b", "a\u{0}b", ".partial", "-rf", "a b", "é",
        String(repeating: "a", count: 129),
    ])
    func refuses(_ text: String) {
        #expect(throws: HubError.self) { try ModelName(text) }
    }

    @Test func accepts() throws {
        #expect(try ModelName("Qwen2.5-coder_1.5B+x").text == "Qwen2.5-coder_1.5B+x")
        #expect(
            try ModelName(deriving: "../Weird Name:Q4.gguf").text
                == "-weird-name-q4.gguf".drop { $0 == "-" }.description)
    }
}
