import JSON
import Model
import Tokens
import Weights

extension GGUFExport {
    /// The keys that llama.cpp and our own reader need, in llama.cpp's order.
    static func metadata(_ source: ExportSource, _ type: ExportType) throws -> Metadata {
        var metadata = Metadata()
        func add(_ key: String, _ value: MetadataValue) { _ = metadata.add(key, value) }
        if let base = source.metadata { return tuned(base, source, type) }
        let shape = source.configuration
        try check(shape)
        let prefix = shape.architecture
        add("general.architecture", .string(prefix))
        add("general.type", .string("model"))
        add("general.name", .string(source.name))
        for (key, value) in source.lineage { add(key, .string(value)) }
        add("\(prefix).block_count", .uint32(UInt32(shape.layers)))
        add("\(prefix).context_length", .uint32(UInt32(shape.contextTokens)))
        add("\(prefix).embedding_length", .uint32(UInt32(shape.embeddingDim)))
        add("\(prefix).feed_forward_length", .uint32(UInt32(shape.feedForwardDim)))
        add("\(prefix).attention.head_count", .uint32(UInt32(shape.heads)))
        add("\(prefix).attention.head_count_kv", .uint32(UInt32(shape.kvHeads)))
        add("\(prefix).attention.key_length", .uint32(UInt32(shape.keyDim)))
        add("\(prefix).attention.value_length", .uint32(UInt32(shape.valueDim)))
        add("\(prefix).attention.layer_norm_rms_epsilon", .float32(shape.normEpsilon))
        add("\(prefix).rope.freq_base", .float32(Float(shape.rotary.base)))
        add("\(prefix).rope.dimension_count", .uint32(UInt32(shape.rotary.dimensions)))
        add("\(prefix).vocab_size", .uint32(UInt32(shape.vocabularySize)))
        if case .linear(let factor) = shape.rotary.scaling {
            add("\(prefix).rope.scaling.type", .string("linear"))
            add("\(prefix).rope.scaling.factor", .float32(Float(factor)))
        }
        add("general.file_type", .uint32(type.fileType))
        if !type.element.isFloat { add("general.quantization_version", .uint32(2)) }
        for (key, value) in try tokenizer(source) { add(key, value) }
        return metadata
    }

    /// A GGUF file's own keys, but for what says how its tensors are stored and how it was made.
    private static func tuned(_ base: Metadata, _ source: ExportSource, _ type: ExportType) -> Metadata {
        var metadata = Metadata()
        let replaced = ["general.name", "general.file_type", "general.quantization_version", "general.alignment"]
        for key in base.keys {
            guard let value = base[key], !replaced.contains(key), !key.hasPrefix("split."), !key.hasPrefix("quantize."),
                !key.hasPrefix("danlu.")
            else { continue }
            _ = metadata.add(key, value)
        }
        _ = metadata.add("general.name", .string(source.name))
        for (key, value) in source.lineage { _ = metadata.add(key, .string(value)) }
        _ = metadata.add("general.file_type", .uint32(type.fileType))
        if !type.element.isFloat { _ = metadata.add("general.quantization_version", .uint32(2)) }
        return metadata
    }

    /// - Throws: `TrainingError.unsupported` for what the files that are written have no place for.
    private static func check(_ shape: ModelConfiguration) throws(TrainingError) {
        guard [.qwen3, .qwen2, .llama].contains(shape.family) else {
            throw .unsupported(field: "model_type", expected: "qwen3, qwen2, llama", actual: shape.architecture)
        }
        guard shape.windows.allSatisfy({ $0 == nil }) else {
            throw .unsupported(field: "sliding_window", expected: "none", actual: "a window")
        }
        switch shape.rotary.scaling {
        case .none, .linear: return
        case .llama3: throw .unsupported(field: "rope_type", expected: "default, linear", actual: "llama3")
        case .yarn: throw .unsupported(field: "rope_type", expected: "default, linear", actual: "yarn")
        }
    }

    private static func tokenizer(_ source: ExportSource) throws -> [(String, MetadataValue)] {
        let vocabulary = try source.vocabulary()
        let rows = source.configuration.vocabularySize
        guard vocabulary.tokens.count <= rows else {
            throw TrainingError.damaged(
                file: "tokenizer.json", expected: "at most \(rows) tokens, as many as the model has embeddings",
                actual: "\(vocabulary.tokens.count)")
        }
        let unused: Int32 = 5
        var tokens = vocabulary.tokens
        var types = vocabulary.types
        for id in 0..<rows {
            if id >= tokens.count {
                tokens.append("")
                types.append(unused)
            }
            // Names must differ.
            if tokens[id].isEmpty { tokens[id] = "[PAD\(id)]" }
        }
        var entries: [(String, MetadataValue)] = [
            ("tokenizer.ggml.model", .string(BytePairVocabulary.model)),
            ("tokenizer.ggml.pre", .string(vocabulary.preTokenizer)),
            ("tokenizer.ggml.tokens", .array(MetadataArray(tokens))),
            ("tokenizer.ggml.token_type", .array(MetadataArray(types))),
            ("tokenizer.ggml.merges", .array(MetadataArray(vocabulary.mergeRules))),
        ]
        // Without a number readers take token 11 for the beginning; it is not put before texts.
        let ids = [
            ("bos", vocabulary.bosID ?? vocabulary.padID ?? vocabulary.eosID), ("eos", vocabulary.eosID),
            ("padding", vocabulary.padID),
        ]
        for (name, id) in ids {
            if let id { entries.append(("tokenizer.ggml.\(name)_token_id", .uint32(UInt32(id)))) }
        }
        let parsed = try Tokenizer.huggingFace(
            tokenizerJSON: source.tokenizerJSON, tokenizerConfig: .object(source.tokenizerConfig))
        entries.append(("tokenizer.ggml.add_bos_token", .bool(parsed.addsBOS)))
        if parsed.addsEOS { entries.append(("tokenizer.ggml.add_eos_token", .bool(true))) }
        if let template = source.chatTemplate { entries.append(("tokenizer.chat_template", .string(template))) }
        return entries
    }
}
