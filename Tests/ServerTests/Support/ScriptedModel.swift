import Foundation
import JSON

/// A real model folder of 150 kB whose answers are known: the next token follows from the last one alone.
///
/// Attention and feed-forward weights are 0, so the residual stream is the last token's embedding, a vector of random
/// signs. The output row of a token is the sum of the embeddings of those it follows, halved: of 128 dimensions that
/// gives it a score of 64, and every other token some 10. What follows what is `chain`.
enum ScriptedModel {
    /// Made once for all tests of the process.
    static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "danlu-scripted-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try write(to: folder)
        } catch {
            preconditionFailure("cannot write the model of these tests: \(error)")
        }
        return folder
    }()

    static let dimensions = 128
    static let contextTokens = 60_000

    /// Control tokens. The template ends a prompt with one of them, which begins a chain.
    static let specials = [
        "<|turn|>", "<|end|>", "<|answer|>", "<|tools|>", "<|loop|>", "<|dice|>", "<|think|>", "<|mixed|>",
    ]

    /// Tokens that no text encodes to: they only come out.
    static let pieces: [[UInt8]] = [
        text("Hello"), text(", "), [0xE4, 0xBD], [0xA0, 0xE5], [0xA5, 0xBD], text("!!"),
        text("<tool_call>\n"), text("{\"name\": \"weather\", "), text("\"arguments\": {\"city\": \""), text("北京"),
        text("\"}}"), text("\n</tool_call>"), text("\n<tool_call>"), text("{\"name\": \"time\", \"arguments\": {}}"),
        text("</tool_call>"), text("tick "), text("tock "), text("heads "), text("tails "),
        text("<think>"), text("hmm"), text("</think>\n\n"), text("done"),
        text("before "), text("<tool_call>{\"name\": \"mix\"}"), text("</tool_call>after"),
    ]

    private static let answer = ["Hello", ", ", "\u{E4}\u{BD}", "\u{A0}\u{E5}", "\u{A5}\u{BD}", "!!"]

    /// What follows what; a byte that is not named here follows itself.
    static let chain: [(String, String)] =
        zip(["<|answer|>"] + answer, answer + ["<|end|>"]).map { ($0, $1) } + [
            ("<|tools|>", "<tool_call>\n"), ("<tool_call>\n", "{\"name\": \"weather\", "),
            ("{\"name\": \"weather\", ", "\"arguments\": {\"city\": \""), ("\"arguments\": {\"city\": \"", "北京"),
            ("北京", "\"}}"), ("\"}}", "\n</tool_call>"), ("\n</tool_call>", "\n<tool_call>"),
            ("\n<tool_call>", "{\"name\": \"time\", \"arguments\": {}}"),
            ("{\"name\": \"time\", \"arguments\": {}}", "</tool_call>"), ("</tool_call>", "<|end|>"),
            ("<|loop|>", "tick "), ("tick ", "tock "), ("tock ", "tick "),
            ("<|dice|>", "heads "), ("<|dice|>", "tails "), ("heads ", "heads "), ("heads ", "tails "),
            ("tails ", "heads "), ("tails ", "tails "),
            ("<|think|>", "<think>"), ("<think>", "hmm"), ("hmm", "</think>\n\n"), ("</think>\n\n", "done"),
            ("done", "<|end|>"),
            ("<|mixed|>", "before "), ("before ", "<tool_call>{\"name\": \"mix\"}"),
            ("<tool_call>{\"name\": \"mix\"}", "</tool_call>after"), ("</tool_call>after", "<|end|>"),
            // The last letters of a prompt for /v1/completions.
            ("L", "tick "), ("D", "heads "), ("D", "tails "), ("Z", "\u{E4}\u{BD}"), ("E", "<|end|>"),
        ]

    static let template = """
        {% for message in messages %}<|turn|>{{ message['role'] }}: {{ message['content'] }}<|end|>{% endfor %}\
        {% set last = messages[-1]['content'] %}{% if last == 'mixed' %}<|mixed|>{% elif tools %}<|tools|>\
        {% elif last == 'loop' %}<|loop|>\
        {% elif last == 'dice' %}<|dice|>{% elif last == 'think' %}<|think|>{% else %}<|answer|>{% endif %}
        """

    static var tokens: [[UInt8]] { (0...255).map { [$0] } + specials.map(text) + pieces }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// The id of a token of `chain`: a control token, a piece, or a byte. Pieces of characters are written as Latin-1.
    static func id(_ name: String) -> Int {
        let latin = name.unicodeScalars.allSatisfy { $0.value < 256 } ? name.unicodeScalars.map { UInt8($0.value) } : []
        if latin.count == 1 { return Int(latin[0]) }
        let place = tokens.firstIndex { $0 == Array(name.utf8) || $0 == latin }
        guard let place else { preconditionFailure("no token \(name)") }
        return place
    }

    private static func write(to folder: URL) throws {
        let config: JSONValue = [
            "model_type": "llama", "hidden_act": "silu", "hidden_size": .int(dimensions), "intermediate_size": 32,
            "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 32,
            "max_position_embeddings": .int(contextTokens), "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
            "tie_word_embeddings": false, "vocab_size": .int(tokens.count), "eos_token_id": .int(id("<|end|>")),
        ]
        try Data(config.serialized().utf8).write(to: folder.appending(path: "config.json"))
        let tokenizerConfig: JSONValue = ["eos_token": "<|end|>", "add_bos_token": false]
        try Data(tokenizerConfig.serialized().utf8).write(to: folder.appending(path: "tokenizer_config.json"))
        try Data(template.utf8).write(to: folder.appending(path: "chat_template.jinja"))
        try Data(tokenizer().serialized().utf8).write(to: folder.appending(path: "tokenizer.json"))
        try safetensors().write(to: folder.appending(path: "model.safetensors"))
    }

    private static func tokenizer() -> JSONValue {
        var vocabulary = JSONObject()
        for (id, bytes) in tokens.enumerated() where !specials.map(text).contains(bytes) {
            vocabulary[bytes.map(byteLevel).joined()] = .int(id)
        }
        let added = specials.map { special -> JSONValue in
            [
                "id": .int(id(special)), "content": .string(special), "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true,
            ]
        }
        return [
            "version": "1.0", "added_tokens": .array(added), "normalizer": .null,
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true],
            "post_processor": .null, "decoder": ["type": "ByteLevel"],
            "model": ["type": "BPE", "vocab": .object(vocabulary), "merges": []],
        ]
    }

    /// How byte-level vocabularies write a byte: printable ones as they are, the others from U+0100 on.
    private static func byteLevel(_ byte: UInt8) -> String {
        let printable = { (byte: UInt8) in
            (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
        }
        guard !printable(byte) else { return String(UnicodeScalar(byte)) }
        let place = (UInt8.min..<byte).count { !printable($0) }
        return UnicodeScalar(UInt32(0x100 + place)).map(String.init) ?? ""
    }

    // MARK: Weights

    private static func safetensors() -> Data {
        let (embeddings, head) = matrices()
        let layer = "model.layers.0."
        let zero = { (rows: Int, columns: Int) in [Float](repeating: 0, count: rows * columns) }
        let ones = [Float](repeating: 1, count: dimensions)
        let tensors: [(name: String, shape: [Int], values: [Float])] = [
            ("model.embed_tokens.weight", [tokens.count, dimensions], embeddings),
            (layer + "input_layernorm.weight", [dimensions], ones),
            (layer + "self_attn.q_proj.weight", [64, dimensions], zero(64, dimensions)),
            (layer + "self_attn.k_proj.weight", [32, dimensions], zero(32, dimensions)),
            (layer + "self_attn.v_proj.weight", [32, dimensions], zero(32, dimensions)),
            (layer + "self_attn.o_proj.weight", [dimensions, 64], zero(dimensions, 64)),
            (layer + "post_attention_layernorm.weight", [dimensions], ones),
            (layer + "mlp.gate_proj.weight", [32, dimensions], zero(32, dimensions)),
            (layer + "mlp.up_proj.weight", [32, dimensions], zero(32, dimensions)),
            (layer + "mlp.down_proj.weight", [dimensions, 32], zero(dimensions, 32)),
            ("model.norm.weight", [dimensions], ones), ("lm_head.weight", [tokens.count, dimensions], head),
        ]
        return file(tensors)
    }

    /// A safetensors file of F32.
    static func file(_ tensors: [(name: String, shape: [Int], values: [Float])]) -> Data {
        var header = JSONObject()
        var data = Data()
        for tensor in tensors {
            let start = data.count
            for value in tensor.values {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
            header[tensor.name] = [
                "dtype": "F32", "shape": .array(tensor.shape.map(JSONValue.int)),
                "data_offsets": [.int(start), .int(data.count)],
            ]
        }
        var text = Data(JSONValue.object(header).serialized().utf8)
        text.append(contentsOf: Data(repeating: 0x20, count: (8 - text.count % 8) % 8))
        var file = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        file.append(text)
        file.append(data)
        return file
    }

    static func matrices() -> (embeddings: [Float], head: [Float]) {
        var state: UInt64 = 20_261_125
        let embeddings = (0..<tokens.count * dimensions).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 63 == 0 ? 1 : -1
        }
        var head = [Float](repeating: 0, count: embeddings.count)
        let chain = chain.map { (id($0), id($1)) }
        let named = Set(chain.map(\.0))
        for (from, to) in chain + (0..<256).filter({ !named.contains($0) }).map({ ($0, $0) }) {
            for place in 0..<dimensions { head[to * dimensions + place] += embeddings[from * dimensions + place] / 2 }
        }
        return (embeddings, head)
    }
}
