import Kernels
import Testing
import Tokens

@Suite struct InvalidUTF8Tests {
    private static let hostile: [[UInt8]] = [
        [0xFF], [0x80], [0xC3], [0xE4, 0xBD], [0xF0, 0x9F, 0x98], [0xC0, 0x80], [0xC1, 0xA1], [0xE0, 0x80, 0xA0],
        [0xED, 0xA0, 0x80], [0xED, 0xB0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0],
        [0xE4, 0x41], [0xF0, 0x41, 0x80], [0xC2, 0xC2], [0xEF, 0xBF, 0xBF],
    ]

    private static func all() throws -> [Tokenizer] {
        [
            try .gguf(Fixtures.byteLevel(pre: "qwen2")), try .gguf(Fixtures.byteLevel(pre: "deepseek-llm")),
            try .gguf(Fixtures.sentencePiece()), try .gguf(Fixtures.unigram()), try Fixtures.load(Fixtures.document()),
        ]
    }

    @Test func anyBytesEncode() throws {
        for tokenizer in try Self.all() {
            for a in Self.hostile {
                for b in Self.hostile {
                    let bytes = Array("x ".utf8) + a + b + Array(" 中".utf8)
                    let ids = tokenizer.encode(bytes: bytes, special: true)
                    #expect(ids.allSatisfy { $0 >= 0 && Int($0) < tokenizer.vocabularySize })
                    #expect(ids == tokenizer.encode(bytes: bytes, special: true))
                }
            }
        }
    }

    @Test func strayBytesReadAsTheReplacementCharacter() throws {
        let tokenizer = try Tokenizer.gguf(Fixtures.byteLevel(pre: "qwen2"))
        #expect(
            tokenizer.encode(bytes: [0x61, 0xFF, 0x62], special: false)
                == tokenizer.encode("a\u{FFFD}b", special: false))
        #expect(tokenizer.encode(bytes: Array("é中".utf8), special: false) == tokenizer.encode("é中", special: false))
    }

    @Test func randomBytesEncode() throws {
        let seed: UInt64 = 3
        var random = SplitMix64(seed: seed)
        for tokenizer in try Self.all() {
            for round in 0..<500 {
                let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                let ids = tokenizer.encode(bytes: bytes, special: true)
                #expect(ids.allSatisfy { Int($0) < tokenizer.vocabularySize }, "seed \(seed), round \(round)")
            }
        }
    }
}
