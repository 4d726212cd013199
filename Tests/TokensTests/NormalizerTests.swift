import JSON
import Testing
import Tokens

@Suite struct NormalizerTests {
    /// A tokenizer that changes texts and nothing else.
    private func changed(_ text: String, _ normalizer: JSONValue) throws -> [UInt8] {
        let tokenizer = try Fixtures.load(Fixtures.document(normalizer: normalizer))
        return tokenizer.bytes(of: tokenizer.encode(text, special: false))
    }

    /// Forms by Hugging Face's package (Goldens/make_tokens.py).
    @Test(arguments: ["NFC", "NFD", "NFKC", "NFKD"]) func unicodeForms(name: String) throws {
        let golden = try Fixtures.golden("forms.json")
        let tokenizer = try Fixtures.load(Fixtures.document(normalizer: ["type": .string(name)]))
        for (text, form) in zip(golden["texts"]?.array ?? [], golden[name]?.array ?? []) {
            let found = tokenizer.bytes(of: tokenizer.encode(text.string ?? "", special: false))
            #expect(found == Array((form.string ?? "").utf8), "\(text)")
        }
    }

    @Test func smallSteps() throws {
        #expect(try changed("ÀB", ["type": "Lowercase"]) == Array("àb".utf8))
        #expect(try changed("\u{3000} a b \n", ["type": "Strip"]) == Array("a b".utf8))
        #expect(try changed("a", ["type": "Prepend", "prepend": "x"]) == Array("xa".utf8))
        #expect(try changed("", ["type": "Prepend", "prepend": "x"]).isEmpty)
        #expect(
            try changed("aXbX", ["type": "Replace", "pattern": ["String": "X"], "content": "yy"])
                == Array("ayybyy".utf8))
        #expect(
            try changed("a   b c", ["type": "Replace", "pattern": ["Regex": " {2,}"], "content": " "])
                == Array("a b c".utf8))
    }

    @Test func noTextGrowsWithoutBound() throws {
        let replace = { (count: Int) -> JSONValue in
            ["type": "Replace", "pattern": ["String": "a"], "content": .string(String(repeating: "a", count: count))]
        }
        #expect(try changed("aXa", replace(1000)).count == 2001)
        #expect(throws: TokensError.self) { try changed("a", replace(20_000)) }
        let steps = JSONValue.array([JSONValue](repeating: replace(4), count: 20))
        #expect(throws: TokensError.self) { try changed("a", ["type": "Sequence", "normalizers": steps]) }
        #expect(throws: TokensError.self) {
            try changed("a", ["type": "Prepend", "prepend": .string(String(repeating: "x", count: 20_000))])
        }
    }

    @Test func unknownStepsAreErrors() {
        #expect(throws: TokensError.self) { try changed("a", ["type": "BertNormalizer"]) }
        #expect(throws: TokensError.self) {
            try changed("a", ["type": "Precompiled", "precompiled_charsmap": "not base64!"])
        }
        #expect(throws: TokensError.self) { try changed("a", ["type": "Precompiled", "precompiled_charsmap": "AAA"]) }
        #expect(throws: TokensError.self) {
            try changed("a", ["type": "Precompiled", "precompiled_charsmap": "/////w=="])
        }
    }
}
