import Kernels
public import Weights

extension ModelConfiguration {
    /// Reads a GGUF file's metadata.
    ///
    /// - Throws: `ModelError.unsupported` for another architecture, naming the supported ones;
    ///   `.invalidConfiguration` naming the key for what is missing, absurd or contradictory.
    public init(gguf metadata: Metadata) throws(ModelError) {
        let general = FieldReader(path: "") { metadata[$0].map { FieldValue($0) } }
        let name = try general.text("general.architecture") ?? ""
        guard let family = Architecture(rawValue: name) else {
            throw general.unsupported("general.architecture", Architecture.supported, shown(name))
        }
        let fields = FieldReader(path: "\(name).", find: general.find)
        let embeddingDim = try fields.size("embedding_length", max: ModelLimits.embeddingDimMax)
        let layers = try fields.size("block_count", max: ModelLimits.layersMax)
        let heads = try fields.sizeOfLayers("attention.head_count", layers: layers, max: ModelLimits.headsMax)
        let headDim = try fields.size(
            "attention.key_length", max: ModelLimits.headDimMax, default: max(1, embeddingDim / heads))
        self.init(
            family: family, layers: layers, embeddingDim: embeddingDim, heads: heads,
            kvHeads: try fields.sizeOfLayers(
                "attention.head_count_kv", layers: layers, max: ModelLimits.headsMax, default: heads),
            headDim: headDim,
            feedForwardDim: try fields.sizeOfLayers(
                "feed_forward_length", layers: layers, max: ModelLimits.feedForwardDimMax,
                default: family.hasExperts ? embeddingDim : nil),
            vocabularySize: try Self.vocabulary(fields, metadata),
            contextTokens: try fields.size("context_length", max: ModelLimits.contextTokensMax))
        valueDim = try fields.size("attention.value_length", max: ModelLimits.headDimMax, default: headDim)
        normEpsilon = Float(try fields.number("attention.layer_norm_rms_epsilon"))
        try readRotary(fields)
        try readGemma(fields)
        if family == .llama, let window = try fields.positive("attention.sliding_window") {
            windows = Array(repeating: Int(min(window, 1e9)), count: layers)
        }
        try readExperts(fields)
        try check()
    }

    private static func vocabulary(_ fields: FieldReader, _ metadata: Metadata) throws(ModelError) -> Int {
        let tokens = metadata["tokenizer.ggml.tokens"]?.array?.count
        guard let tokens, tokens > 0 else {
            return try fields.size("vocab_size", max: ModelLimits.vocabularyTokensMax)
        }
        guard tokens <= ModelLimits.vocabularyTokensMax else {
            throw .invalidConfiguration(
                field: "tokenizer.ggml.tokens", expected: "at most \(ModelLimits.vocabularyTokensMax)",
                actual: "\(tokens)")
        }
        return tokens
    }

    /// Files of Llama have the rows of queries and keys reordered so that pairs are neighbours.
    static func rotaryStyle(ofGGUF family: Architecture) -> RotaryPositions.Style {
        family == .llama ? .interleaved : .halves
    }

    private mutating func readRotary(_ fields: FieldReader) throws(ModelError) {
        rotary = RotaryConfiguration(
            base: try fields.number("rope.freq_base", default: 10_000),
            dimensions: try fields.size("rope.dimension_count", max: keyDim, default: keyDim),
            style: Self.rotaryStyle(ofGGUF: family), scaling: .none)
        let factor = try fields.positive(
            fields.has("rope.scale_linear") ? "rope.scale_linear" : "rope.scaling.factor")
        let kind = try fields.text("rope.scaling.type") ?? (factor == nil ? "none" : "linear")
        switch kind {
        case "none": break
        case "linear": rotary.scaling = factor.map { .linear(factor: $0) } ?? .none
        case "yarn":
            rotary.scaling = .yarn(
                factor: factor ?? 1,
                originalTokens: try fields.number(
                    "rope.scaling.original_context_length", default: Double(contextTokens)),
                betaFast: try fields.number("rope.scaling.yarn_beta_fast", default: 32),
                betaSlow: try fields.number("rope.scaling.yarn_beta_slow", default: 1),
                magnitude: RotaryConfiguration.yarnMagnitude(factor: factor ?? 1)
                    * (try fields.number("rope.scaling.attn_factor", default: 1)))
        default: throw fields.unsupported("rope.scaling.type", "none, linear, yarn", shown(kind))
        }
    }

    /// What Gemma's files leave to the program that reads them, and what they say.
    private mutating func readGemma(_ fields: FieldReader) throws(ModelError) {
        guard family.isGemma else { return }
        let isSecond = family == .gemma2
        attentionSoftCap = try fields.number("attn_logit_softcapping", default: isSecond ? 50 : 0).nonzero
        logitSoftCap = try fields.number("final_logit_softcapping", default: isSecond ? 30 : 0).nonzero
        // The largest of both generations scale by the embedding's share of a head, the others by the head.
        let isLargest = isSecond ? layers == 46 : layers == 62
        if isLargest { attentionScale = 1 / (Float(embeddingDim) / Float(heads)).squareRoot() }
        let window = try fields.size(
            "attention.sliding_window", max: ModelLimits.contextTokensMax, default: isSecond ? 4096 : 1024)
        let hasWindow = try windowed(fields)
        windows = hasWindow.map { $0 ? window : nil }
        if family == .gemma3 {
            windowRotary = rotary
            windowRotary?.scaling = .none
            windowRotary?.base = try fields.number("rope.freq_base_swa", default: 10_000)
        }
    }

    /// Layer by layer: whether it has a window. All but every second (Gemma 2) or sixth, unless the file says.
    private func windowed(_ fields: FieldReader) throws(ModelError) -> [Bool] {
        let name = "attention.sliding_window_pattern"
        if let value = fields.value(name), case .list(let list) = value {
            let flags = list.compactMap { if case .bool(let flag) = $0 { flag } else { nil } }
            guard flags.count == layers else {
                throw fields.invalid(name, "a period, or one flag for each of \(layers) layers", value)
            }
            return flags
        }
        let period = try fields.size(name, max: ModelLimits.layersMax, default: family == .gemma2 ? 2 : 6)
        return (0..<layers).map { $0 % period < period - 1 }
    }

    private mutating func readExperts(_ fields: FieldReader) throws(ModelError) {
        guard family.hasExperts else {
            // Mixtral calls itself llama.
            if let count = try fields.positive("expert_count") {
                throw fields.unsupported("expert_count", "experts in qwen2moe, qwen3moe", "\(count) experts")
            }
            return
        }
        experts = ExpertConfiguration(
            count: try fields.size("expert_count", max: ModelLimits.expertsMax),
            used: try fields.size("expert_used_count", max: ModelLimits.expertsMax),
            feedForwardDim: try fields.size(
                "expert_feed_forward_length", max: ModelLimits.feedForwardDimMax),
            sharedFeedForwardDim: family == .qwen2moe
                ? try fields.size(
                    "expert_shared_feed_forward_length", max: ModelLimits.feedForwardDimMax, default: feedForwardDim)
                : nil,
            normalizesShares: family == .qwen3moe)
    }
}

extension FieldReader {
    /// A size that some files give once and others for every layer: then all must be equal.
    func sizeOfLayers(
        _ name: String, layers: Int, max: Int, default fallback: Int? = nil
    ) throws(ModelError) -> Int {
        guard case .list(let values)? = value(name) else { return try size(name, max: max, default: fallback) }
        let sizes = Set(values.map { $0.int ?? 0 })
        guard values.count == layers, sizes.count == 1, let size = sizes.first, size >= 1, size <= max else {
            throw unsupported(name, "\(layers) equal sizes from 1 to \(max)", "a list of \(values.count)")
        }
        return size
    }
}

extension Double {
    fileprivate var nonzero: Float? { self > 0 ? Float(self) : nil }
}
