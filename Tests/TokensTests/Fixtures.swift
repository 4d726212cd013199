import Foundation
import JSON
import Tokens

/// Metadata made in a test.
struct TestMetadata: TokenizerMetadata {
    var values: [String: Any] = [:]

    func string(_ key: String) -> String? { values[key] as? String }
    func strings(_ key: String) -> [String]? { values[key] as? [String] }
    func floats(_ key: String) -> [Float]? { values[key] as? [Float] }
    func ints(_ key: String) -> [Int]? { values[key] as? [Int] }
    func bool(_ key: String) -> Bool? { values[key] as? Bool }
    func int(_ key: String) -> Int? { values[key] as? Int }

    /// A value of `tokenizer.ggml.…`.
    subscript(name: String) -> Any? {
        get { values["tokenizer.ggml.\(name)"] }
        set { values["tokenizer.ggml.\(name)"] = newValue }
    }
}

enum Fixtures {
    /// Stand-ins for the 256 bytes, in the order of the bytes.
    static let alphabet: [String] = {
        var next: UInt32 = 0x100
        return (0..<256).map { (byte: UInt32) in
            var scalar = byte
            if !((0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)) {
                scalar = next
                next += 1
            }
            return Unicode.Scalar(scalar).map { String($0) } ?? ""
        }
    }()

    /// How a byte-level vocabulary writes a text.
    static func spelled(_ text: String) -> String { text.utf8.map { alphabet[Int($0)] }.joined() }

    static let merges: [(String, String)] = [
        ("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), (" ", "w"), ("o", "r"), (" w", "or"), ("l", "d"),
        (" wor", "ld"), ("a", "a"), ("aa", "aa"), (" ", " "), ("  ", "  "), ("\n", "\n"), ("0", "0"), ("00", "00"),
    ]

    /// Bytes as ids 0 to 255, what the merges make, then "<|end|>", "<tool_call>" and "<table>".
    static func byteLevel(pre: String, merges: [(String, String)] = merges) -> TestMetadata {
        var tokens = alphabet
        for (left, right) in merges where !tokens.contains(spelled(left + right)) {
            tokens.append(spelled(left + right))
        }
        let ordinary = tokens.count
        tokens += ["<|end|>", "<tool_call>", "<table>"]
        var metadata = TestMetadata()
        metadata["model"] = "gpt2"
        metadata["pre"] = pre
        metadata["tokens"] = tokens
        metadata["token_type"] = [Int](repeating: 1, count: ordinary) + [3, 4, 4]
        metadata["merges"] = merges.map { spelled($0) + " " + spelled($1) }
        metadata["eos_token_id"] = ordinary
        return metadata
    }

    /// SentencePiece byte-pair: 0 unknown, 1 BOS, 2 EOS, 3 to 258 bytes, then these with falling scores.
    static let spacedTokens = [
        "▁", "a", "b", "c", "h", "e", "l", "o", "w", "r", "d", "中", "文", "ll", "he", "or", "▁w", "hell", "ld", "hello",
        "▁wor", "▁world", "aa", "aaaa", "▁▁", "▁▁▁▁", "中文", "ab", "bc", "abc",
    ]

    static func sentencePiece(prefix: Bool = true) -> TestMetadata {
        var metadata = TestMetadata()
        let bytes = (0..<256).map { "<0x" + (($0 < 16 ? "0" : "") + String($0, radix: 16)).uppercased() + ">" }
        metadata["model"] = "llama"
        metadata["tokens"] = ["<unk>", "<s>", "</s>"] + bytes + spacedTokens
        metadata["token_type"] =
            [2, 3, 3] + [Int](repeating: 6, count: 256) + [Int](repeating: 1, count: spacedTokens.count)
        metadata["scores"] = [Float](repeating: 0, count: 259) + spacedTokens.indices.map { -Float($0) }
        metadata["add_space_prefix"] = prefix
        metadata["bos_token_id"] = 1
        metadata["eos_token_id"] = 2
        metadata["unknown_token_id"] = 0
        return metadata
    }

    static func unigram() throws -> TestMetadata {
        let golden = try golden("unigram.json")
        var metadata = TestMetadata()
        metadata["model"] = "t5"
        metadata["tokens"] = golden["tokens"]?.array?.compactMap(\.string)
        metadata["scores"] = golden["scores"]?.array?.compactMap { $0.double.map { Float($0) } }
        metadata["token_type"] = golden["kinds"]?.array?.compactMap(\.int)
        metadata["precompiled_charsmap"] = Data(base64Encoded: golden["charsmap"]?.string ?? "")?.map { Int($0) }
        metadata["unknown_token_id"] = 0
        metadata["add_space_prefix"] = true
        metadata["remove_extra_whitespaces"] = true
        return metadata
    }

    static func golden(_ name: String) throws -> JSONValue {
        let file = URL(filePath: name)
        let url = Bundle.module.url(
            forResource: file.deletingPathExtension().lastPathComponent, withExtension: file.pathExtension,
            subdirectory: "Goldens")
        guard let url else { throw CocoaError(.fileNoSuchFile) }
        return try JSONValue(parsing: Array(Data(contentsOf: url)))
    }

    /// A tokenizer.json with a byte-level vocabulary like `byteLevel`'s.
    static func document(preTokenizers: [JSONValue] = [split(gpt2Pattern)], normalizer: JSONValue = .null) -> JSONValue
    {
        var tokens = alphabet
        for (left, right) in merges where !tokens.contains(spelled(left + right)) {
            tokens.append(spelled(left + right))
        }
        let added: [JSONValue] = [("<|end|>", true), ("<tool_call>", false), ("<table>", false)].enumerated().map {
            ["id": .int(tokens.count + $0), "content": .string($1.0), "special": .bool($1.1), "normalized": false]
        }
        let isByteLevel = preTokenizers.contains { $0["type"] == "ByteLevel" }
        let steps = preTokenizers + (isByteLevel ? [] : [byteLevelStep])
        return [
            "version": "1.0", "added_tokens": .array(added), "normalizer": normalizer,
            "pre_tokenizer": ["type": "Sequence", "pretokenizers": .array(steps)],
            "post_processor": nil, "decoder": ["type": "ByteLevel"],
            "model": [
                "type": "BPE", "unk_token": nil, "byte_fallback": false, "ignore_merges": false,
                "vocab": .object(JSONObject(tokens.enumerated().map { (key: $1, value: .int($0)) })),
                "merges": .array(merges.map { [.string(spelled($0)), .string(spelled($1))] }),
            ],
        ]
    }

    static let gpt2Pattern = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    static let byteLevelStep: JSONValue = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false]

    static func split(_ pattern: String) -> JSONValue {
        ["type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated", "invert": false]
    }

    static func load(_ document: JSONValue) throws -> Tokenizer {
        try Tokenizer.huggingFace(tokenizerJSON: Array(document.serialized().utf8), tokenizerConfig: nil)
    }
}
