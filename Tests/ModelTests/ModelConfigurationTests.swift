import JSON
import Model
import Testing
import Weights

@Suite struct ModelConfigurationTests {
    /// The least that a GGUF file of Llama says.
    static let llama: [(String, MetadataValue)] = [
        ("general.architecture", .string("llama")), ("llama.embedding_length", .uint32(64)),
        ("llama.block_count", .uint32(2)), ("llama.attention.head_count", .uint32(4)),
        ("llama.feed_forward_length", .uint32(96)), ("llama.context_length", .uint32(256)),
        ("llama.vocab_size", .uint32(100)), ("llama.attention.layer_norm_rms_epsilon", .float32(1e-5)),
    ]

    static func gguf(
        _ changes: [String: MetadataValue?] = [:], architecture: String = "llama"
    ) throws -> ModelConfiguration {
        var entries = llama.map { ($0.replacing("llama.", with: "\(architecture)."), $1) }
        entries[0].1 = .string(architecture)
        for (key, value) in changes {
            entries.removeAll { $0.0 == key }
            if let value { entries.append((key, value)) }
        }
        var metadata = Metadata()
        for (key, value) in entries { _ = metadata.add(key, value) }
        return try ModelConfiguration(gguf: metadata)
    }

    static func huggingFace(_ changes: [String: JSONValue]) throws -> ModelConfiguration {
        var config: JSONObject = [
            "model_type": "llama", "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4,
            "intermediate_size": 96, "vocab_size": 100, "max_position_embeddings": 256,
        ]
        for (key, value) in changes { config[key] = value }
        return try ModelConfiguration(huggingFace: .object(config))
    }

    @Test func defaultsOfGGUF() throws {
        let shape = try Self.gguf()
        #expect(shape.architecture == "llama")
        #expect(shape.kvHeads == 4 && shape.keyDim == 16 && shape.valueDim == 16)
        #expect(shape.rotary.base == 10_000 && shape.rotary.dimensions == 16 && shape.rotary.style == .interleaved)
        #expect(shape.attentionScale == 0.25 && shape.windows == [nil, nil] && shape.tiesEmbeddings == nil)
        #expect(try Self.gguf(architecture: "qwen2").rotary.style == .halves)
    }

    @Test func gemmaOfGGUF() throws {
        let changes: [String: MetadataValue?] = [
            "gemma3.block_count": .uint32(7), "gemma3.attention.sliding_window": .uint32(512),
            "gemma3.rope.freq_base": .float32(1_000_000), "gemma3.rope.scaling.type": .string("linear"),
            "gemma3.rope.scaling.factor": .float32(8),
        ]
        let third = try Self.gguf(changes, architecture: "gemma3")
        #expect(third.windows == [512, 512, 512, 512, 512, nil, 512])
        #expect(third.rotary.scaling == .linear(factor: 8) && third.rotary.base == 1_000_000)
        #expect(third.windowRotary?.scaling == RotaryConfiguration.Scaling.none)
        #expect(third.windowRotary?.base == 10_000)
        #expect(third.embeddingScale == 8 && third.attentionSoftCap == nil && third.normWeightOffset == 0)
        let second = try Self.gguf(architecture: "gemma2")
        #expect(second.windows == [4096, nil] && second.attentionSoftCap == 50 && second.logitSoftCap == 30)
        let largest = try Self.gguf(["gemma2.block_count": .uint32(46)], architecture: "gemma2")
        #expect(largest.attentionScale == 0.25)
        let pattern = MetadataValue.array(MetadataArray([true, false]))
        #expect(
            try Self.gguf(["gemma3.attention.sliding_window_pattern": pattern], architecture: "gemma3").windows
                == [1024, nil])
    }

    @Test func sizesOfEveryLayerMustAgree() throws {
        let equal = MetadataValue.array(MetadataArray([UInt32(2), 2]))
        #expect(try Self.gguf(["llama.attention.head_count_kv": equal]).kvHeads == 2)
        let unequal = MetadataValue.array(MetadataArray([UInt32(2), 4]))
        #expect(throws: ModelError.self) { try Self.gguf(["llama.attention.head_count_kv": unequal]) }
    }

    @Test(arguments: [
        ("llama.embedding_length", MetadataValue.uint32(0)), ("llama.embedding_length", .int64(-64)),
        ("llama.embedding_length", .uint64(1 << 63)), ("llama.embedding_length", .string("64")),
        ("llama.block_count", .uint32(1_000_000)), ("llama.attention.head_count", .uint32(100_000)),
        ("llama.attention.head_count_kv", .uint32(3)), ("llama.attention.key_length", .uint32(1 << 20)),
        ("llama.vocab_size", .uint64(1 << 40)), ("llama.context_length", .float32(.infinity)),
        ("llama.attention.layer_norm_rms_epsilon", .float32(.nan)), ("llama.rope.freq_base", .float32(0)),
        ("llama.rope.freq_base", .float32(-1)), ("llama.rope.dimension_count", .uint32(17)),
        ("llama.rope.dimension_count", .uint32(18)), ("llama.rope.scaling.factor", .float32(-2)),
        ("llama.attention.sliding_window", .int32(-1)),
    ]) func absurdValuesAreRefused(key: String, value: MetadataValue) throws {
        #expect(throws: ModelError.self) { try Self.gguf([key: value]) }
    }

    @Test(arguments: llama.map(\.0).dropFirst()) func missingKeysAreNamed(key: String) throws {
        let error = #expect(throws: ModelError.self) { try Self.gguf([key: MetadataValue?.none]) }
        #expect(error?.description.contains(key) == true)
    }

    @Test func unsupportedKindsAreNamed() throws {
        let architecture = #expect(throws: ModelError.self) { try Self.gguf(architecture: "mamba") }
        #expect(
            architecture?.description == "general.architecture: “mamba” is not supported; supported: llama, qwen2, "
                + "qwen2moe, qwen3, qwen3moe, gemma2, gemma3")
        let kind = #expect(throws: ModelError.self) { try Self.huggingFace(["model_type": "phi3"]) }
        #expect(kind?.description.contains("gemma3_text, llama, mistral, qwen2") == true)
        let scaling = #expect(throws: ModelError.self) {
            try Self.gguf(["llama.rope.scaling.type": .string("longrope")])
        }
        #expect(scaling?.description.contains("none, linear, yarn") == true)
        // Mixtral calls itself llama.
        #expect(throws: ModelError.self) { try Self.gguf(["llama.expert_count": .uint32(8)]) }
        #expect(throws: ModelError.self) { try Self.huggingFace(["hidden_act": "gelu"]) }
        #expect(throws: ModelError.self) { try Self.huggingFace(["rope_scaling": ["rope_type": "dynamic"]]) }
    }

    @Test func windowsOfHuggingFace() throws {
        let mistral: [String: JSONValue] = ["model_type": "mistral"]
        #expect(try Self.huggingFace(mistral).windows == [4096, 4096, 4096, 4096])
        #expect(
            try Self.huggingFace(mistral.merging(["sliding_window": .null]) { $1 }).windows == [nil, nil, nil, nil])
        let qwen: [String: JSONValue] = ["model_type": "qwen2", "sliding_window": 9, "max_window_layers": 3]
        #expect(try Self.huggingFace(qwen).windows == [nil, nil, nil, nil])
        #expect(
            try Self.huggingFace(qwen.merging(["use_sliding_window": true]) { $1 }).windows == [nil, nil, nil, 9])
        let types: JSONValue = ["sliding_attention", "full_attention", "full_attention", "sliding_attention"]
        let gemma: [String: JSONValue] = ["model_type": "gemma3_text", "sliding_window": 5, "layer_types": types]
        #expect(try Self.huggingFace(gemma).windows == [5, nil, nil, 5])
        #expect(throws: ModelError.self) {
            try Self.huggingFace(gemma.merging(["layer_types": ["full_attention"]]) { $1 })
        }
    }

    /// Older configurations: rotation in two fields of their own, the text part inside.
    @Test func olderHuggingFace() throws {
        let llama = try Self.huggingFace([
            "rope_theta": 500_000.0,
            "rope_scaling": [
                "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                "original_max_position_embeddings": 8192,
            ],
        ])
        #expect(llama.rotary.base == 500_000)
        #expect(llama.rotary.scaling == .llama3(factor: 32, low: 1, high: 4, originalTokens: 8192))
        #expect(llama.tiesEmbeddings == false)

        let text: JSONValue = [
            "hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text", "num_hidden_layers": 34,
            "rope_scaling": ["factor": 8.0, "rope_type": "linear"], "sliding_window": 1024,
        ]
        let gemma = try ModelConfiguration(
            huggingFace: ["model_type": "gemma3", "text_config": text, "vision_config": ["hidden_size": 1]])
        #expect(gemma.heads == 8 && gemma.kvHeads == 4 && gemma.keyDim == 256 && gemma.vocabularySize == 262_208)
        #expect(gemma.rotary.base == 1_000_000 && gemma.rotary.scaling == .linear(factor: 8))
        #expect(gemma.windowRotary?.base == 10_000 && gemma.attentionScale == 1 / 16)
        #expect(gemma.windows.prefix(6) == [1024, 1024, 1024, 1024, 1024, nil] && gemma.tiesEmbeddings == true)
    }
}
