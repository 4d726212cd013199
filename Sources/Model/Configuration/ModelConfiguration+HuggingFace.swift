public import JSON
import Weights

extension ModelConfiguration {
    /// Reads a checkpoint's config.json; of one that also sees images, the part about text.
    ///
    /// - Throws: `ModelError.unsupported` for another model type, naming the supported ones;
    ///   `.invalidConfiguration` naming the field for what is missing, absurd or contradictory.
    public init(huggingFace config: JSONValue) throws(ModelError) {
        let root = FieldReader(path: "") { Self.value($0, in: config) }
        let kind = try root.text("model_type") ?? ""
        guard let family = Self.families[kind] else {
            throw root.unsupported("model_type", Self.families.keys.sorted().joined(separator: ", "), shown(kind))
        }
        let text = config["text_config"] ?? config
        let fields = FieldReader(path: config["text_config"] == nil ? "" : "text_config.", find: root.find)
        // Configurations of Gemma 3 leave out what is as in the 4B model.
        let isGemma3 = family == .gemma3
        let embeddingDim = try fields.size("hidden_size", max: ModelLimits.embeddingDimMax)
        let heads = try fields.size(
            "num_attention_heads", max: ModelLimits.headsMax, default: isGemma3 ? 8 : nil)
        self.init(
            family: family, layers: try fields.size("num_hidden_layers", max: ModelLimits.layersMax),
            embeddingDim: embeddingDim, heads: heads,
            kvHeads: try fields.size(
                "num_key_value_heads", max: ModelLimits.headsMax, default: isGemma3 ? 4 : heads),
            headDim: try fields.size(
                "head_dim", max: ModelLimits.headDimMax,
                default: family.isGemma ? 256 : family == .qwen3 ? 128 : max(1, embeddingDim / heads)),
            feedForwardDim: try fields.size(
                "intermediate_size", max: ModelLimits.feedForwardDimMax,
                default: family.hasExperts ? embeddingDim : nil),
            vocabularySize: try fields.size(
                "vocab_size", max: ModelLimits.vocabularyTokensMax, default: isGemma3 ? 262_208 : nil),
            contextTokens: try fields.size(
                "max_position_embeddings", max: ModelLimits.contextTokensMax, default: isGemma3 ? 131_072 : 8192))
        normEpsilon = Float(try fields.number("rms_norm_eps", default: 1e-6))
        tiesEmbeddings = try fields.flag("tie_word_embeddings", default: family.isGemma)
        try readActivation(fields)
        try readRotary(fields)
        try readWindows(fields, isMistral: kind == "mistral", hasWindow: text["sliding_window"] != nil)
        try readGemma(fields)
        try readExperts(fields)
        try check()
    }

    private static let families: [String: Architecture] = [
        "llama": .llama, "mistral": .llama, "qwen2": .qwen2, "qwen2_moe": .qwen2moe, "qwen3": .qwen3,
        "qwen3_moe": .qwen3moe, "gemma2": .gemma2, "gemma3": .gemma3, "gemma3_text": .gemma3,
    ]

    /// The value at a path of members, separated by dots.
    private static func value(_ path: String, in config: JSONValue) -> FieldValue? {
        var value = config
        for member in path.split(separator: ".") {
            guard let next = value[String(member)] else { return nil }
            value = next
        }
        return FieldValue(value)
    }

    private func readActivation(_ fields: FieldReader) throws(ModelError) {
        // Old configurations of Gemma say "gelu" in one field and mean the other.
        let name = family.isGemma ? "hidden_activation" : "hidden_act"
        let supported = family.isGemma ? "gelu_pytorch_tanh" : "silu"
        if let activation = try fields.text(name), activation != supported {
            throw fields.unsupported(name, supported, shown(activation))
        }
        if try fields.flag("use_bidirectional_attention", default: false) {
            throw fields.unsupported("use_bidirectional_attention", "false", "true")
        }
    }

    private mutating func readRotary(_ fields: FieldReader) throws(ModelError) {
        let isGemma3 = family == .gemma3
        let base = try fields.number("rope_theta", default: isGemma3 ? 1_000_000 : 10_000)
        let localBase = try fields.number("rope_local_base_freq", default: 10_000)
        if fields.has("rope_parameters.full_attention") {
            rotary = try rotary(
                FieldReader(path: "\(fields.path)rope_parameters.full_attention.", find: fields.find), base)
            let local = FieldReader(path: "\(fields.path)rope_parameters.sliding_attention.", find: fields.find)
            windowRotary = try rotary(local, localBase)
            return
        }
        let part = fields.has("rope_parameters") ? "rope_parameters" : "rope_scaling"
        rotary = try rotary(FieldReader(path: "\(fields.path)\(part).", find: fields.find), base)
        if isGemma3 {
            windowRotary = RotaryConfiguration(base: localBase, dimensions: keyDim, style: .halves, scaling: .none)
        }
    }

    private func rotary(_ fields: FieldReader, _ base: Double) throws(ModelError) -> RotaryConfiguration {
        let part = min(1, try fields.number("partial_rotary_factor", default: 1))
        var result = RotaryConfiguration(
            base: try fields.number("rope_theta", default: base), dimensions: Int(Double(keyDim) * part),
            style: .halves, scaling: .none)
        let kind = try fields.text(fields.has("rope_type") ? "rope_type" : "type") ?? "default"
        switch kind {
        case "default": break
        case "linear": result.scaling = .linear(factor: try fields.number("factor"))
        case "llama3":
            result.scaling = .llama3(
                factor: try fields.number("factor"), low: try fields.number("low_freq_factor"),
                high: try fields.number("high_freq_factor"),
                originalTokens: try fields.number("original_max_position_embeddings"))
        case "yarn":
            if fields.has("mscale") || fields.has("mscale_all_dim") {
                throw fields.unsupported("mscale", "yarn without it", "a value")
            }
            let factor = try fields.number("factor")
            result.scaling = .yarn(
                factor: factor,
                originalTokens: try fields.number("original_max_position_embeddings", default: Double(contextTokens)),
                betaFast: try fields.positive("beta_fast") ?? 32, betaSlow: try fields.positive("beta_slow") ?? 1,
                magnitude: try fields.positive("attention_factor") ?? RotaryConfiguration.yarnMagnitude(factor: factor))
        default: throw fields.unsupported("rope_type", "default, linear, llama3, yarn", shown(kind))
        }
        return result
    }

    /// - Parameter hasWindow: the field is there, if only as null.
    private mutating func readWindows(
        _ fields: FieldReader, isMistral: Bool, hasWindow: Bool
    ) throws(ModelError) {
        let fallback: Double = family.isGemma || isMistral && !hasWindow ? 4096 : 0
        let window = Int(min(try fields.number("sliding_window", default: fallback), 1e9))
        let isUsed = try fields.flag("use_sliding_window", default: family.isGemma || isMistral)
        guard window > 0, isUsed else { return }
        let flags =
            fields.has("layer_types") ? try layerFlags(fields) : try patternFlags(fields, isMistral: isMistral)
        windows = flags.map { $0 ? window : nil }
    }

    private func layerFlags(_ fields: FieldReader) throws(ModelError) -> [Bool] {
        var flags: [Bool] = []
        for value in try fields.list("layer_types") ?? [] {
            switch value {
            case .text("sliding_attention"): flags.append(true)
            case .text("full_attention"): flags.append(false)
            default:
                throw fields.unsupported("layer_types", "full_attention, sliding_attention", value.description)
            }
        }
        return flags
    }

    private func patternFlags(_ fields: FieldReader, isMistral: Bool) throws(ModelError) -> [Bool] {
        switch family {
        case .gemma2, .gemma3:
            let period = try fields.size(
                "sliding_window_pattern", max: ModelLimits.layersMax, default: family == .gemma2 ? 2 : 6)
            return (0..<layers).map { ($0 + 1) % period != 0 }
        case .qwen2, .qwen3:
            let first = try fields.number("max_window_layers", default: 28)
            return (0..<layers).map { Double($0) >= first }
        case .llama where isMistral: return Array(repeating: true, count: layers)
        case .llama, .qwen2moe, .qwen3moe:
            throw fields.unsupported("use_sliding_window", "false, or layer_types", "true")
        }
    }

    private mutating func readGemma(_ fields: FieldReader) throws(ModelError) {
        guard family.isGemma else { return }
        normWeightOffset = 1
        let isSecond = family == .gemma2
        attentionSoftCap = try fields.positive("attn_logit_softcapping").map { Float($0) }
        logitSoftCap = try fields.positive("final_logit_softcapping").map { Float($0) }
        if isSecond, !fields.has("attn_logit_softcapping"), !fields.has("final_logit_softcapping") {
            (attentionSoftCap, logitSoftCap) = (50, 30)
        }
        attentionScale = Float(1 / (try fields.number("query_pre_attn_scalar", default: 256)).squareRoot())
    }

    private mutating func readExperts(_ fields: FieldReader) throws(ModelError) {
        guard family.hasExperts else { return }
        let step = try fields.size("decoder_sparse_step", max: ModelLimits.layersMax, default: 1)
        let listed = Set((try fields.list("mlp_only_layers") ?? []).compactMap(\.int))
        experts = ExpertConfiguration(
            count: try fields.size(
                fields.has("num_experts") ? "num_experts" : "num_local_experts", max: ModelLimits.expertsMax),
            used: try fields.size("num_experts_per_tok", max: ModelLimits.expertsMax),
            feedForwardDim: try fields.size("moe_intermediate_size", max: ModelLimits.feedForwardDimMax),
            sharedFeedForwardDim: family == .qwen2moe
                ? try fields.size("shared_expert_intermediate_size", max: ModelLimits.feedForwardDimMax) : nil,
            normalizesShares: try fields.flag("norm_topk_prob", default: false),
            denseLayers: Set((0..<layers).filter { listed.contains($0) || ($0 + 1) % step != 0 }))
    }
}
