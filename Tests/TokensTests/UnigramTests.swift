import Testing
import Tokens

@Suite struct UnigramTests {
    /// Ids by SentencePiece (Goldens/make_tokens.py): replacements, merged spaces, unknown scalars.
    @Test func equalsSentencePiece() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.unigram())
        let golden = try Fixtures.golden("unigram.json")
        let texts = golden["texts"]?.array?.compactMap(\.string) ?? []
        #expect(texts.count > 5)
        // Added tokens are cut out first here, as in llama.cpp, so what follows one begins with a space.
        for (text, ids) in zip(texts, golden["ids"]?.array ?? []) where !text.contains("<table>") {
            #expect(
                tokenizer.encode(text, special: false).map { .int(Int($0)) } == ids.array, "\(text.debugDescription)")
        }
    }

    /// Ids by Hugging Face's package for the same model as a tokenizer.json.
    @Test func equalsHuggingFace() throws {
        let golden = try Fixtures.golden("unigram.json")
        let tokenizer = try Fixtures.load(#require(golden["document"]))
        for (text, ids) in zip(golden["texts"]?.array ?? [], golden["document_ids"]?.array ?? []) {
            #expect(tokenizer.encode(text.string ?? "", special: false).map { .int(Int($0)) } == ids.array, "\(text)")
        }
    }

    /// Stray bytes come out as unknown, overlong forms are not what they spell.
    @Test func anyBytes() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.unigram())
        let space = try #require(tokenizer.id(of: " "))
        let unknown = try #require(tokenizer.unknownID)
        #expect(tokenizer.encode(bytes: [0xFF], special: false) == [space, unknown])
        #expect(tokenizer.encode(bytes: [0xC1, 0xA1], special: false) == [space, unknown])
        #expect(tokenizer.encode(bytes: Array("the cat".utf8) + [0xE4], special: false).last == unknown)
    }

    @Test func decodesWithoutTheFirstSpace() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.unigram())
        #expect(tokenizer.decode(tokenizer.encode("the cat", special: false)) == "the cat")
    }
}
