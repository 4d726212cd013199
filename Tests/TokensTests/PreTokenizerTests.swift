import JSON
import Testing
import Tokens

@Suite struct PreTokenizerTests {
    /// Pieces by the regular expressions of Hugging Face's package (Goldens/make_tokens.py).
    @Test func equalsTheRegularExpressions() throws {
        let golden = try Fixtures.golden("pieces.json")
        let texts = golden["texts"]?.array ?? []
        let names = try #require(golden.object).map(\.key).filter { $0 != "texts" }
        #expect(names.count > 10)
        for name in names {
            let tokenizer = try Tokenizer.gguf(Fixtures.byteLevel(pre: name))
            for (text, pieces) in zip(texts, golden[name]?.array ?? []) {
                // Stored as JSON strings, compared as bytes: "é" in one scalar and in two are different.
                let found = tokenizer.pieces(of: text.string ?? "").map { Array($0.utf8) }
                #expect(found == (pieces.array ?? []).map { Array(($0.string ?? "").utf8) }, "\(name): \(text)")
            }
        }
    }

    @Test func unknownNamesAreErrorsThatSayWhatIsSupported() {
        let error = #expect(throws: TokensError.self) {
            try Tokenizer.gguf(Fixtures.byteLevel(pre: "nonsense"))
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("qwen2"))
    }
}
