import Kernels

extension WeightLoader {
    mutating func blocks(_ configuration: ModelConfiguration) throws(ModelError) -> [Block] {
        var result: [Block] = []
        for layer in 0..<configuration.layers { result.append(try block(layer, configuration)) }
        return result
    }

    /// What the frequencies are divided by, in files of Llama 3.1 and later; nil in others.
    ///
    /// - Throws: `ModelError.invalidConfiguration` when one is not a positive number.
    mutating func rotaryFactors(count: Int) throws(ModelError) -> [Float]? {
        guard let factors = try vector(.rotaryFactors, count: count, isOptional: true)?.copy() else { return nil }
        for factor in factors where !(factor.isFinite && factor > 0) {
            throw .invalidConfiguration(
                field: "rope_freqs.weight", expected: "positive numbers", actual: "\(factor)")
        }
        return factors
    }

    private mutating func block(_ layer: Int, _ configuration: ModelConfiguration) throws(ModelError) -> Block {
        let width = configuration.embeddingDim
        let isSandwich = configuration.family.isGemma
        return Block(
            attentionNorm: try norm(.attentionNorm, layer: layer, count: width, configuration),
            attention: try attention(layer, configuration),
            postAttentionNorm: isSandwich
                ? try norm(.postAttentionNorm, layer: layer, count: width, configuration) : nil,
            feedForwardNorm: try norm(.feedForwardNorm, layer: layer, count: width, configuration),
            feedForward: try feedForward(layer, configuration),
            postFeedForwardNorm: isSandwich
                ? try norm(.postFeedForwardNorm, layer: layer, count: width, configuration) : nil)
    }

    private mutating func attention(
        _ layer: Int, _ configuration: ModelConfiguration
    ) throws(ModelError) -> AttentionLayer {
        let shape = KVStorage.Layer(
            kvHeads: configuration.kvHeads, keyDim: configuration.keyDim, valueDim: configuration.valueDim)
        let width = configuration.embeddingDim
        let heads = configuration.heads
        let hasNorms = configuration.family.normalizesHeads
        let isBiasOptional = !configuration.family.needsBias
        return AttentionLayer(
            query: try projection(.query, layer, heads * shape.keyDim, width, isBiasOptional: isBiasOptional),
            key: try projection(.key, layer, shape.kvHeads * shape.keyDim, width, isBiasOptional: isBiasOptional),
            value: try projection(.value, layer, shape.kvHeads * shape.valueDim, width, isBiasOptional: isBiasOptional),
            output: try projection(.attentionOutput, layer, width, heads * shape.valueDim, isBiasOptional: true),
            queryNorm: hasNorms ? try norm(.queryNorm, layer: layer, count: shape.keyDim, configuration) : nil,
            keyNorm: hasNorms ? try norm(.keyNorm, layer: layer, count: shape.keyDim, configuration) : nil,
            heads: heads, shape: shape, scale: configuration.attentionScale, softCap: configuration.attentionSoftCap,
            window: configuration.windows[layer], style: configuration.rotary.style)
    }

    private mutating func projection(
        _ role: TensorName.Role, _ layer: Int, _ rows: Int, _ columns: Int, isBiasOptional: Bool
    ) throws(ModelError) -> AttentionLayer.Projection {
        AttentionLayer.Projection(
            weight: try matrix(role, layer: layer, rows: rows, columns: columns),
            bias: try vector(role, layer: layer, isBias: true, count: rows, isOptional: isBiasOptional))
    }

    private mutating func feedForward(
        _ layer: Int, _ configuration: ModelConfiguration
    ) throws(ModelError) -> Block.FeedForward {
        let width = configuration.embeddingDim
        let activation: DenseFeedForward.Activation = configuration.family.isGemma ? .geluTanh : .silu
        guard let experts = configuration.experts, !experts.denseLayers.contains(layer) else {
            let inner = configuration.feedForwardDim
            return .dense(
                DenseFeedForward(
                    gate: try matrix(.gate, layer: layer, rows: inner, columns: width),
                    up: try matrix(.up, layer: layer, rows: inner, columns: width),
                    down: try matrix(.down, layer: layer, rows: width, columns: inner), activation: activation,
                    gateBias: try vector(.gate, layer: layer, isBias: true, count: inner, isOptional: true),
                    upBias: try vector(.up, layer: layer, isBias: true, count: inner, isOptional: true),
                    downBias: try vector(.down, layer: layer, isBias: true, count: width, isOptional: true)))
        }
        let (count, inner) = (experts.count, experts.feedForwardDim)
        return .experts(
            ExpertFeedForward(
                configuration: experts, router: try matrix(.router, layer: layer, rows: count, columns: width),
                gates: try self.experts(.expertGate, layer: layer, count: count, rows: inner, columns: width),
                ups: try self.experts(.expertUp, layer: layer, count: count, rows: inner, columns: width),
                downs: try self.experts(.expertDown, layer: layer, count: count, rows: width, columns: inner),
                shared: try shared(layer, experts, width, activation), activation: activation))
    }

    private mutating func shared(
        _ layer: Int, _ experts: ExpertConfiguration, _ width: Int, _ activation: DenseFeedForward.Activation
    ) throws(ModelError) -> ExpertFeedForward.Shared? {
        guard let inner = experts.sharedFeedForwardDim else { return nil }
        return ExpertFeedForward.Shared(
            share: try matrix(.sharedShare, layer: layer, rows: 1, columns: width),
            feedForward: DenseFeedForward(
                gate: try matrix(.sharedGate, layer: layer, rows: inner, columns: width),
                up: try matrix(.sharedUp, layer: layer, rows: inner, columns: width),
                down: try matrix(.sharedDown, layer: layer, rows: width, columns: inner), activation: activation))
    }
}
