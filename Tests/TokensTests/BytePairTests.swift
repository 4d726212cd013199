import Kernels
import Testing
import Tokens

@Suite struct BytePairTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try Tokenizer.gguf(Fixtures.byteLevel(pre: "gpt-2")) }

    private func texts(_ ids: [Int32]) -> [String] { ids.map { tokenizer.decode([$0], special: true) } }

    @Test func mergesByRank() {
        #expect(texts(tokenizer.encode("hello world", special: false)) == ["hello", " world"])
        #expect(texts(tokenizer.encode("helloo", special: false)) == ["hello", "o"])
        #expect(texts(tokenizer.encode("aaaaaaa", special: false)) == ["aaaa", "aa", "a"])
        #expect(texts(tokenizer.encode("000", special: false)) == ["00", "0"])
        #expect(tokenizer.encode("", special: true).isEmpty)
    }

    @Test func everyTextComesBack() {
        for text in ["hello 世界 😀", "\u{0}\u{7F}\u{80}", "e\u{301} \r\n\t", "<|end|> <tool_call>"] {
            for special in [false, true] {
                let ids = tokenizer.encode(text, special: special)
                #expect(tokenizer.decode(ids, special: true) == text)
            }
        }
    }

    @Test func idsByText() {
        #expect(tokenizer.id(of: "<|end|>") == tokenizer.eosID)
        #expect(tokenizer.id(of: " world").map { texts([$0]) } == [" world"])
        #expect(tokenizer.id(of: "wörld") == nil)
        #expect(tokenizer.endOfTurnIDs == [tokenizer.eosID])
        #expect(tokenizer.bytes(of: -1).isEmpty && tokenizer.bytes(of: .max).isEmpty)
    }

    /// The search for neighbours that stay apart, and merging where rules are not orderly, both against merging as it
    /// is defined: over and over, the leftmost pair of the lowest rank.
    @Test(arguments: [false, true]) func equalsMergingOneByOne(shuffled: Bool) throws {
        for seed in 1...UInt64(40) {
            var random = SplitMix64(seed: seed)
            var merges: [(String, String)] = []
            var known = ["a", "b", "c", "é"]
            for _ in 0..<60 {
                guard let left = known.randomElement(using: &random), let right = known.randomElement(using: &random)
                else { continue }
                guard left != "é", right != "é", left.utf8.count + right.utf8.count < 12 else { continue }
                merges.append((left, right))
                if !known.contains(left + right) { known.append(left + right) }
            }
            if shuffled { merges.shuffle(using: &random) }
            let tokenizer = try Tokenizer.gguf(Fixtures.byteLevel(pre: "gpt-2", merges: merges))
            for length in Array(0...30) + [100, 300] {
                let text = (0..<length).map { _ in ["a", "b", "c", "aa", "é"].randomElement(using: &random) ?? "" }
                    .joined()
                let expected = Self.merged(text, merges)
                let ids = tokenizer.encode(text, special: false)
                #expect(ids.map { tokenizer.bytes(of: $0) } == expected, "seed \(seed), \(text)")
            }
        }
    }

    private static func merged(_ text: String, _ merges: [(String, String)]) -> [[UInt8]] {
        var ranks: [[[UInt8]]: Int] = [:]
        for (rank, merge) in merges.enumerated() {
            let key = [Array(merge.0.utf8), Array(merge.1.utf8)]
            if ranks[key] == nil { ranks[key] = rank }
        }
        var symbols = text.utf8.map { [$0] }
        while true {
            let pairs = symbols.indices.dropLast().compactMap { place in
                ranks[[symbols[place], symbols[place + 1]]].map { (rank: $0, place: place) }
            }
            guard let best = pairs.min(by: { ($0.rank, $0.place) < ($1.rank, $1.place) }) else { return symbols }
            symbols[best.place] += symbols.remove(at: best.place + 1)
        }
    }

    /// Bytes that the vocabulary lacks give nothing, also next to ones that merge.
    @Test func missingBytesGiveNothing() throws {
        var metadata = Fixtures.byteLevel(pre: "gpt-2")
        var tokens = try #require(metadata["tokens"] as? [String])
        tokens[0x0B] = "missing"
        metadata["tokens"] = tokens
        let tokenizer = try Tokenizer.gguf(metadata)
        #expect(tokenizer.decode(tokenizer.encode("hello\u{0B}hello", special: false)) == "hellohello")
    }

    @Test func wholePiecesComeFirstWhereMergesAreIgnored() throws {
        // "ab" can be merged, "abc" only taken whole.
        var metadata = Fixtures.byteLevel(pre: "llama-bpe", merges: [("a", "b"), ("b", "c")])
        metadata["tokens"] = (metadata["tokens"] as? [String]).map { $0 + ["abc"] }
        metadata["token_type"] = (metadata["token_type"] as? [Int]).map { $0 + [1] }
        let whole = try Tokenizer.gguf(metadata)
        #expect(whole.encode("abc", special: false).map { whole.decode([$0]) } == ["abc"])
        #expect(whole.encode("abcd", special: false).map { whole.decode([$0]) } == ["ab", "c", "d"])
        metadata["pre"] = "qwen2"
        let merged = try Tokenizer.gguf(metadata)
        #expect(merged.encode("abc", special: false).map { merged.decode([$0]) } == ["ab", "c"])
    }
}
