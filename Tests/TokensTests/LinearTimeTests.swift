import Foundation
import JSON
import Testing
import Tokens

/// A megabyte of one repeated character encodes in well under a second, whatever the model and the pattern.
@Suite(.serialized) struct LinearTimeTests {
    private static let secondsMax = 1.0
    private static let repeated = ["a", " ", "\n", "中", "0", "😀", "\u{301}", " a", "aA", "'"]

    private func check(_ tokenizer: Tokenizer, _ name: String) {
        for part in Self.repeated {
            let text = String(repeating: part, count: (1 << 20) / part.utf8.count)
            let start = Self.threadSeconds()
            _ = tokenizer.encode(text, special: true)
            let seconds = Self.threadSeconds() - start
            #expect(seconds < Self.secondsMax, "\(name), \(part.debugDescription): \(seconds) s")
        }
    }

    /// Of this thread alone: a busy machine does not fail the test.
    private static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test(arguments: [
        "gpt-2", "qwen2", "qwen35", "llama-bpe", "smollm", "falcon", "default", "deepseek-llm", "deepseek-coder",
        "deepseek-v3", "tekken", "gpt-4o", "bloom", "viking", "superbpe", "seed-coder", "ufakzeka",
    ]) func byteLevel(pre: String) throws {
        check(try Tokenizer.gguf(Fixtures.byteLevel(pre: pre)), pre)
    }

    /// Rules that come in no order, so that texts are merged and not searched.
    @Test func byteLevelByMerging() throws {
        check(try Tokenizer.gguf(Fixtures.byteLevel(pre: "qwen2", merges: Fixtures.merges.reversed())), "merging")
    }

    @Test(arguments: [false, true]) func sentencePiece(prefix: Bool) throws {
        check(try Tokenizer.gguf(Fixtures.sentencePiece(prefix: prefix)), "SentencePiece")
    }

    @Test func unigram() throws {
        check(try Tokenizer.gguf(Fixtures.unigram()), "unigram")
        check(try Fixtures.load(#require(Fixtures.golden("unigram.json")["document"])), "unigram json")
    }

    @Test(arguments: ["NFC", "NFD", "NFKC", "NFKD"]) func unicodeForms(name: String) throws {
        check(try Fixtures.load(Fixtures.document(normalizer: ["type": .string(name)])), name)
    }

    @Test func stepsOfTokenizerJSON() throws {
        let steps: [[JSONValue]] = [
            [["type": "Digits", "individual_digits": true], Fixtures.split(Fixtures.gpt2Pattern)],
            [["type": "Punctuation", "behavior": "Contiguous"]], [["type": "WhitespaceSplit"]], [],
        ]
        for step in steps { check(try Fixtures.load(Fixtures.document(preTokenizers: step)), "\(step)") }
    }

    /// Tokens "a", "aa", "aaa" and on: every place has many tokens to choose from.
    @Test func manyPrefixes() throws {
        var merges = [("a", "a")]
        for length in 2..<200 { merges.append((String(repeating: "a", count: length), "a")) }
        for length in [2, 4, 8, 16, 32, 64] {
            let half = String(repeating: "a", count: length)
            merges.append((half, half))
        }
        check(try Tokenizer.gguf(Fixtures.byteLevel(pre: "gpt-2", merges: merges)), "prefixes")
    }
}
