import Kernels
import Testing
import Tokens

@Suite struct HostileMetadataTests {
    private func load(_ metadata: TestMetadata) throws -> Tokenizer {
        let tokenizer = try Tokenizer.gguf(metadata)
        let ids = tokenizer.encode("hello 世界 <|end|> aaaa", special: true, addBOS: true)
        #expect(ids.allSatisfy { $0 >= 0 && Int($0) < tokenizer.vocabularySize })
        _ = tokenizer.decode(ids, special: true)
        return tokenizer
    }

    private func changed(_ name: String, _ value: Any?, of base: TestMetadata? = nil) throws -> Tokenizer {
        var metadata = base ?? Fixtures.byteLevel(pre: "qwen2")
        metadata[name] = value
        return try load(metadata)
    }

    @Test func missingOrWrongValuesAreErrors() throws {
        for name in ["model", "tokens", "merges"] {
            #expect(throws: TokensError.self, "\(name)") { try changed(name, nil) }
            #expect(throws: TokensError.self, "\(name)") { try changed(name, 5) }
        }
        #expect(throws: TokensError.self) { try changed("model", "bert") }
        #expect(throws: TokensError.self) { try changed("tokens", [String]()) }
        #expect(throws: TokensError.self) { try changed("scores", nil, of: Fixtures.sentencePiece()) }
        #expect(throws: TokensError.self) {
            try changed("scores", [Float](repeating: 0, count: 3), of: Fixtures.sentencePiece())
        }
        #expect(throws: TokensError.self) { try changed("token_type", [1, 2, 3]) }
    }

    @Test func brokenMergesAreErrors() {
        for rule in ["", " ", "h", "h ", "missing token", "h q", "\u{0}"] {
            #expect(throws: TokensError.self, "\(rule.debugDescription)") { try changed("merges", [rule]) }
        }
    }

    @Test func repeatedTokensAreErrors() throws {
        var metadata = Fixtures.byteLevel(pre: "qwen2")
        var tokens = try #require(metadata["tokens"] as? [String])
        tokens[260] = tokens[259]
        metadata["tokens"] = tokens
        #expect(throws: TokensError.self) { try load(metadata) }
    }

    @Test func idsOutOfRangeCountAsAbsent() throws {
        for id in [-1, Int.min, Int.max, 1 << 31, 1 << 32, 1_000_000] {
            #expect(try changed("bos_token_id", id).bosID.map { Int($0) } != id)
            #expect(try changed("eos_token_id", id).endOfTurnIDs.allSatisfy { $0 >= 0 && $0 < 1000 })
            #expect(try changed("padding_token_id", id).padID == nil)
            #expect(try changed("unknown_token_id", id, of: Fixtures.sentencePiece()).unknownID == 0)
        }
    }

    @Test func kindsOfAnySignAndSize() throws {
        let base = Fixtures.byteLevel(pre: "qwen2")
        let count = try #require((base["tokens"] as? [String])?.count)
        for kind in [-1, 0, 7, 255, 256, -256, Int.max, Int.min] {
            _ = try changed("token_type", [Int](repeating: kind, count: count))
            _ = try? changed(
                "token_type", [Int](repeating: kind, count: 259 + Fixtures.spacedTokens.count),
                of: Fixtures.sentencePiece())
        }
        for kind in 1...6 { _ = try? changed("token_type", [Int](repeating: kind, count: count)) }
    }

    @Test func scoresThatAreNoNumbers() throws {
        let count = 259 + Fixtures.spacedTokens.count
        for score in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -0.0] {
            _ = try changed("scores", [Float](repeating: score, count: count), of: Fixtures.sentencePiece())
            var metadata = try Fixtures.unigram()
            let tokens = try #require((metadata["tokens"] as? [String])?.count)
            metadata["scores"] = [Float](repeating: score, count: tokens)
            _ = try load(metadata)
        }
    }

    @Test func bytesTokensWithOddSpellings() throws {
        var metadata = Fixtures.sentencePiece()
        var tokens = try #require(metadata["tokens"] as? [String])
        for (place, spelling) in ["<0x>", "<0x0>", "<0xGG>", "<0x100>", "", "0x41", "<0x41", "<0X42>", "<0x+1>"]
            .enumerated()
        {
            tokens[10 + place] = spelling
        }
        metadata["tokens"] = tokens
        _ = try load(metadata)
    }

    @Test func limitsHold() throws {
        var limits = TokensLimits()
        limits.tokensMax = 100
        #expect(throws: TokensError.tooLarge(what: "number of tokens", limit: 100, found: 275)) {
            try Tokenizer.gguf(Fixtures.byteLevel(pre: "qwen2"), limits: limits)
        }
        limits = TokensLimits()
        limits.tokenBytesMax = 4
        #expect(throws: TokensError.self) { try Tokenizer.gguf(Fixtures.byteLevel(pre: "qwen2"), limits: limits) }
        limits = TokensLimits()
        limits.vocabularyBytesMax = 300
        #expect(throws: TokensError.self) { try Tokenizer.gguf(Fixtures.byteLevel(pre: "qwen2"), limits: limits) }
        limits = TokensLimits()
        limits.mergesMax = 3
        #expect(throws: TokensError.self) { try Tokenizer.gguf(Fixtures.byteLevel(pre: "qwen2"), limits: limits) }
        limits = TokensLimits()
        limits.addedTokenBytesMax = 3
        let tokenizer = try Tokenizer.gguf(Fixtures.byteLevel(pre: "qwen2"), limits: limits)
        #expect(tokenizer.encode("<|end|>", special: true).count > 1)
    }

    /// Tables of replacements with places outside themselves, or that lead back to themselves.
    @Test func hostileCharsmaps() throws {
        for size in [0, 4, 8, 64] {
            for fill in [0, 0xFF, 0x80, 0x01, 0x41] {
                var blob = [size & 0xFF, 0, 0, 0] + [Int](repeating: fill, count: size)
                _ = try? changed("precompiled_charsmap", blob, of: Fixtures.unigram())
                blob += [0x41, 0x42]
                _ = try? changed("precompiled_charsmap", blob, of: Fixtures.unigram())
            }
        }
        for blob in [[1], [0xFF, 0xFF, 0xFF, 0xFF], [5, 0, 0, 0, 1, 2, 3, 4, 5]] {
            #expect(throws: TokensError.self) { try changed("precompiled_charsmap", blob, of: Fixtures.unigram()) }
        }
        let seed: UInt64 = 17
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 0...40, using: &random) * 4
            let blob = [count, 0, 0, 0] + (0..<count + 8).map { _ in Int.random(in: 0...255, using: &random) }
            _ = try? changed("precompiled_charsmap", blob, of: Fixtures.unigram())
        }
        _ = try? changed("precompiled_charsmap", [-1, 256, Int.max, Int.min, 0, 0], of: Fixtures.unigram())
    }
}
