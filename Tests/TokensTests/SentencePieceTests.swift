import Kernels
import Testing
import Tokens

@Suite struct SentencePieceTests {
    private func texts(_ tokenizer: Tokenizer, _ text: String) -> [String] {
        tokenizer.encode(text, special: false).map { tokenizer.decode([$0], special: true) }
    }

    @Test func mergesByScore() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.sentencePiece(prefix: false))
        #expect(texts(tokenizer, "hello world") == ["hello", " world"])
        #expect(texts(tokenizer, "aaaaa") == ["aaaa", "a"])
        // "ab" has the better score than "bc", so "abc" is not reached from "a" + "bc" only.
        #expect(texts(tokenizer, "abc") == ["abc"])
        #expect(texts(tokenizer, "中文a") == ["中文", "a"])
    }

    @Test func bytesStandInForScalarsWithoutAToken() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.sentencePiece(prefix: false))
        let ids = tokenizer.encode("é😀", special: false)
        #expect(ids == [0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80].map { $0 + 3 })
        #expect(tokenizer.decode(ids) == "é😀")
        #expect(
            tokenizer.encode(bytes: [0xFF, 0x61], special: false).map { tokenizer.bytes(of: $0) } == [[0xFF], [0x61]])
    }

    @Test func prefixComesAndGoes() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.sentencePiece())
        let ids = tokenizer.encode("world", special: false)
        #expect(ids.map { tokenizer.bytes(of: $0) } == [Array(" world".utf8)])
        #expect(tokenizer.decode(ids) == "world")
        #expect(tokenizer.decode(tokenizer.encode(" world", special: false)) == " world")
        // After a control token the text begins anew.
        let split = tokenizer.encode("hello</s>world", special: true)
        #expect(split.map { tokenizer.decode([$0], special: true) }.suffix(2) == ["</s>", "world"])
    }

    @Test func beginsWithBOSWhenAsked() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.sentencePiece())
        #expect(tokenizer.addsBOS && tokenizer.bosID == 1)
        #expect(tokenizer.encode("", special: false, addBOS: true) == [1])
    }

    /// Against merging as it is defined: over and over, the leftmost pair whose joined text has the best score.
    @Test func equalsMergingOneByOne() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.sentencePiece(prefix: false))
        let scores = Dictionary(uniqueKeysWithValues: Fixtures.spacedTokens.enumerated().map { ($1, -$0) })
        let seed: UInt64 = 11
        var random = SplitMix64(seed: seed)
        for round in 0..<2000 {
            let length = round % 100 == 0 ? 200 : Int.random(in: 0...25, using: &random)
            let text = (0..<length).map { _ in
                ["a", "b", "c", " ", "hello", "中", "l", "o"].randomElement(using: &random) ?? ""
            }
            .joined()
            var symbols = text.unicodeScalars.map { $0 == " " ? "▁" : String($0) }
            while let best = symbols.indices.dropLast().compactMap({ place in
                scores[symbols[place] + symbols[place + 1]].map { (score: $0, place: place) }
            }).min(by: { (-$0.score, $0.place) < (-$1.score, $1.place) }) {
                symbols[best.place] += symbols.remove(at: best.place + 1)
            }
            #expect(
                texts(tokenizer, text) == symbols.map { $0.replacing("▁", with: " ") },
                "seed \(seed), round \(round), \(text)")
        }
    }
}
