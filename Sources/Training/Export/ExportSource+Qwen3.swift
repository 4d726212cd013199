import JSON
import Model
import Tokens

extension ExportSource {
    /// The config.json of a model that was trained here, for transformers' Qwen3ForCausalLM.
    package static func qwen3(_ shape: ModelConfiguration, _ vocabulary: BytePairVocabulary) -> JSONObject {
        func id(_ id: Int32?) -> JSONValue { id.map { .int(Int($0)) } ?? .null }
        return [
            "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "attention_bias": false,
            "attention_dropout": 0.0, "bos_token_id": id(vocabulary.bosID), "eos_token_id": id(vocabulary.eosID),
            "pad_token_id": id(vocabulary.padID), "head_dim": .int(shape.keyDim), "hidden_act": "silu",
            "hidden_size": .int(shape.embeddingDim), "initializer_range": 0.02,
            "intermediate_size": .int(shape.feedForwardDim), "max_position_embeddings": .int(shape.contextTokens),
            "num_attention_heads": .int(shape.heads), "num_hidden_layers": .int(shape.layers),
            "num_key_value_heads": .int(shape.kvHeads),
            // As it is written, not as the nearest double of its float.
            "rms_norm_eps": .double(Double("\(shape.normEpsilon)") ?? Double(shape.normEpsilon)),
            "rope_theta": .double(shape.rotary.base), "rope_scaling": .null, "sliding_window": .null,
            "use_sliding_window": false, "tie_word_embeddings": .bool(shape.tiesEmbeddings ?? true),
            "use_cache": true, "vocab_size": .int(shape.vocabularySize),
        ]
    }

    /// generation_config.json: what a model says ends its turn.
    func generationConfig() throws -> JSONObject {
        if let generation { return generation }
        let tokenizer = try Tokenizer.huggingFace(
            tokenizerJSON: tokenizerJSON, tokenizerConfig: .object(tokenizerConfig))
        func id(_ id: Int32?) -> JSONValue { id.map { .int(Int($0)) } ?? .null }
        return [
            "bos_token_id": id(tokenizer.bosID),
            "eos_token_id": .array(tokenizer.endOfTurnIDs.sorted().map { .int(Int($0)) }),
            "pad_token_id": id(tokenizer.padID ?? tokenizer.eosID),
        ]
    }
}
