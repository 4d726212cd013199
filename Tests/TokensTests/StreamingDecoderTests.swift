import Testing
import Tokens

@Suite struct StreamingDecoderTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try Tokenizer.gguf(Fixtures.byteLevel(pre: "gpt-2")) }

    private func parts(_ ids: [Int32], special: Bool = false) -> [String] {
        var decoder = StreamingDecoder(tokenizer, special: special)
        return ids.map { decoder.append($0) } + [decoder.finish()]
    }

    @Test func neverHalfACharacter() {
        let text = "é中😀👨‍👩‍👧 hello\u{301}"
        // Every byte a token of its own.
        let ids = text.utf8.map { Int32($0) }
        let shown = parts(ids)
        #expect(shown.joined() == text)
        #expect(!shown.contains { $0.unicodeScalars.contains("\u{FFFD}") })
    }

    /// Of all short byte strings over bytes that matter to UTF-8 the parts joined are what decoding the whole gives.
    @Test func joinsToTheWholeForAnyBytes() {
        let bytes: [Int32] = [0x41, 0x80, 0xA0, 0xBF, 0xC2, 0xE0, 0xE4, 0xED, 0xF0, 0xF4, 0xFF]
        for a in bytes {
            for b in bytes {
                for c in bytes {
                    for d in bytes {
                        let ids = [a, b, c, d]
                        #expect(parts(ids).joined() == tokenizer.decode(ids), "\(ids)")
                    }
                }
            }
        }
    }

    @Test func controlTokensAreShownOnlyWhenAsked() throws {
        let end = try #require(tokenizer.eosID)
        #expect(parts([0x41, end]).joined() == "A")
        #expect(parts([0x41, end], special: true).joined() == "A<|end|>")
        #expect(parts([-5, .max, 0x41]).joined() == "A")
    }

    @Test func leadingSpaceGoesOnce() throws {
        let spaced = try Tokenizer.gguf(Fixtures.sentencePiece())
        for text in ["world", " world", "  a", "é", ""] {
            let ids = spaced.encode(text, special: false, addBOS: true)
            var decoder = StreamingDecoder(spaced)
            #expect(ids.map { decoder.append($0) }.joined() + decoder.finish() == text)
        }
    }
}
