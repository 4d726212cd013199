import Assistant
import Foundation
import JSON
import Tokens

/// A model of two layers with random weights, written as a Hugging Face folder: everything is real but the answers.
///
/// Its tokens are the 256 bytes and, from 256 on, `special`.
struct TinyModel {
    static let special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>"]
    static let vocabularySize = 256 + special.count
    static let endOfTurn: Int32 = 258
    static let bos: Int32 = 259

    let folder: URL

    /// - Parameter template: the chat template; nil writes none.
    init(template: String? = nil, contextTokens: Int = 256, addsBOS: Bool = false, seed: UInt64 = 1) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "danlu-tiny-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let config: JSONValue = [
            "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 64, "intermediate_size": 128,
            "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "rms_norm_eps": 0.00001,
            "rope_theta": 10000.0, "vocab_size": .int(Self.vocabularySize), "tie_word_embeddings": true,
            "max_position_embeddings": .int(contextTokens), "hidden_act": "silu",
        ]
        try write(config, "config.json")
        var settings: JSONObject = ["eos_token": "<|im_end|>", "bos_token": "<s>", "add_bos_token": .bool(addsBOS)]
        if let template { settings["chat_template"] = .string(template) }
        try write(.object(settings), "tokenizer_config.json")
        try write(Self.tokenizerJSON, "tokenizer.json")
        try Self.weights(seed: seed).write(to: folder.appending(path: "model.safetensors"))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func load(_ change: (inout AssistantOptions) -> Void = { _ in }) throws -> Assistant {
        var options = AssistantOptions()
        options.threads = 2
        change(&options)
        return try Assistant.load(path: folder.path, name: "tiny", options: options)
    }

    static func tokenizer(addsBOS: Bool = false) throws -> Tokenizer {
        try Tokenizer.huggingFace(
            tokenizerJSON: Array(tokenizerJSON.serialized().utf8),
            tokenizerConfig: ["eos_token": "<|im_end|>", "bos_token": "<s>", "add_bos_token": .bool(addsBOS)])
    }

    private func write(_ value: JSONValue, _ name: String) throws {
        try Data(value.serialized().utf8).write(to: folder.appending(path: name))
    }

    private static var tokenizerJSON: JSONValue {
        let added = special.enumerated().map { place, text -> JSONValue in
            [
                "id": .int(256 + place), "content": .string(text), "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true,
            ]
        }
        let byteLevel: JSONValue = [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
        ]
        return [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": .array(added), "normalizer": nil,
            "pre_tokenizer": byteLevel, "post_processor": nil, "decoder": byteLevel,
            "model": [
                "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
                "end_of_word_suffix": nil, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
                "vocab": .object(JSONObject((0..<256).map { (String(byteCharacter($0)), .int($0)) })), "merges": [],
            ],
        ]
    }

    /// The character that byte-level vocabularies write for a byte: itself where it is printable in Latin-1.
    private static func byteCharacter(_ byte: Int) -> Character {
        func isPrintable(_ byte: Int) -> Bool {
            (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
        }
        let value = isPrintable(byte) ? byte : 256 + (0..<byte).count { !isPrintable($0) }
        return Unicode.Scalar(UInt32(value)).map(Character.init) ?? "?"
    }

    /// A safetensors file: the header's length, the header, then the numbers.
    private static func weights(seed: UInt64) -> Data {
        var shapes: [(String, [Int])] = [
            ("model.embed_tokens.weight", [vocabularySize, 64]), ("model.norm.weight", [64]),
        ]
        for layer in 0..<2 {
            let path = "model.layers.\(layer)"
            shapes += [
                ("\(path).input_layernorm.weight", [64]), ("\(path).post_attention_layernorm.weight", [64]),
                ("\(path).self_attn.q_proj.weight", [64, 64]), ("\(path).self_attn.k_proj.weight", [32, 64]),
                ("\(path).self_attn.v_proj.weight", [32, 64]), ("\(path).self_attn.o_proj.weight", [64, 64]),
                ("\(path).mlp.gate_proj.weight", [128, 64]), ("\(path).mlp.up_proj.weight", [128, 64]),
                ("\(path).mlp.down_proj.weight", [64, 128]),
            ]
        }
        var state = seed
        var body = Data()
        var header = JSONObject()
        for (name, shape) in shapes {
            let start = body.count
            for _ in 0..<shape.reduce(1, *) {
                // splitmix64; norms are ones, the rest lies within ±0.25.
                state &+= 0x9E37_79B9_7F4A_7C15
                var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
                bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
                let random = Float(bits >> 40) / Float(1 << 25) - 0.25
                withUnsafeBytes(of: (shape.count == 1 ? 1 : random).bitPattern.littleEndian) {
                    body.append(contentsOf: $0)
                }
            }
            header[name] = [
                "dtype": "F32", "shape": .array(shape.map { .int($0) }),
                "data_offsets": [.int(start), .int(body.count)],
            ]
        }
        let text = Data(JSONValue.object(header).serialized().utf8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + body
    }
}
