/// Small, sound GGUF files.
enum GGUFSeeds {
    static let files = [
        file(version: 3, model: "gpt2"), file(version: 2, model: "llama"), file(version: 3, model: "t5"),
    ]

    private static func file(version: UInt32, model: String) -> [UInt8] {
        var bytes = Array("GGUF".utf8)
        let spaced = model != "gpt2"
        let tokens =
            spaced ? ["<unk>", "<s>", "</s>", "▁a", "b", "▁ab", "<0x0A>"] : ["a", "b", "ab", "<|im_end|>", "Ġa"]
        let keys: [(String, UInt32, [UInt8])] = [
            ("general.architecture", 8, string("llama")), ("general.alignment", 4, little(UInt32(32))),
            ("llama.block_count", 4, little(UInt32(2))), ("llama.rope.freq_base", 6, little(Float(10000).bitPattern)),
            ("tokenizer.ggml.model", 8, string(model)), ("tokenizer.ggml.pre", 8, string("qwen2")),
            ("tokenizer.ggml.tokens", 9, array(8, tokens.map(string))),
            ("tokenizer.ggml.scores", 9, array(6, tokens.indices.map { little(Float(-$0).bitPattern) })),
            ("tokenizer.ggml.token_type", 9, array(5, tokens.indices.map { little(UInt32($0 < 3 && spaced ? 3 : 1)) })),
            ("tokenizer.ggml.merges", 9, array(8, spaced ? [] : [string("a b")])),
            ("tokenizer.ggml.add_bos_token", 7, [1]), ("nested", 9, array(9, [array(4, [little(UInt32(1))])])),
        ]
        let tensors: [(String, [UInt64], UInt32, Int)] = [
            ("token_embd.weight", [32, 2], 8, 68), ("output_norm.weight", [8], 0, 32),
            ("blk.0.q.weight", [256, 1], 12, 144),
        ]
        bytes += little(version) + little(UInt64(tensors.count)) + little(UInt64(keys.count))
        for (key, type, value) in keys { bytes += string(key) + little(type) + value }
        var offset = 0
        for (name, shape, type, size) in tensors {
            bytes +=
                string(name) + little(UInt32(shape.count)) + shape.flatMap(little) + little(type)
                + little(UInt64(offset))
            offset = (offset + size + 31) / 32 * 32
        }
        bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
        return bytes + (0..<offset).map { UInt8(truncatingIfNeeded: $0 * 7) }
    }

    static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func string(_ text: String) -> [UInt8] { little(UInt64(text.utf8.count)) + text.utf8 }

    private static func array(_ type: UInt32, _ elements: [[UInt8]]) -> [UInt8] {
        little(type) + little(UInt64(elements.count)) + elements.flatMap { $0 }
    }
}

/// Small, sound safetensors files.
enum SafetensorsSeeds {
    static let files = [
        file(
            #"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[4],"data_offsets":[16,24]}}"#,
            24),
        file(#"{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[],"data_offsets":[0,2]}}"#, 2),
    ]

    private static func file(_ header: String, _ data: Int) -> [UInt8] {
        GGUFSeeds.little(UInt64(header.utf8.count)) + header.utf8 + [UInt8](repeating: 1, count: data)
    }
}
