import Kernels

/// The weights of one layer and where their gradients go.
struct LayerWeights: Sendable {
    let attentionNorm: VectorWeight
    /// Rows of queries, keys and values, one after the other.
    let attentionInput: PackedWeight
    /// Of all of them; Qwen2 has one.
    let attentionBias: VectorWeight?
    /// Qwen3 has them.
    let queryNorm: VectorWeight?
    let keyNorm: VectorWeight?
    let attentionOutput: PackedWeight
    let feedForwardNorm: VectorWeight
    /// Rows of gates, then of ups.
    let gateUp: PackedWeight
    let down: PackedWeight

    /// - Parameters:
    ///   - vector: of parameters that stand side by side, without the layer's prefix.
    ///   - matrix: of a group.
    init(
        layer: Int, _ shape: Shape, vector: (_ names: [String]) -> VectorWeight,
        matrix: (WeightGroup) throws(KernelsError) -> PackedWeight
    ) throws(KernelsError) {
        func named(_ names: String...) -> VectorWeight { vector(names.map { "model.layers.\(layer).\($0)" }) }
        attentionNorm = named("input_layernorm.weight")
        attentionInput = try matrix(.attentionInput)
        attentionBias =
            shape.hasBiases
            ? named("self_attn.q_proj.bias", "self_attn.k_proj.bias", "self_attn.v_proj.bias") : nil
        queryNorm = shape.normalizesHeads ? named("self_attn.q_norm.weight") : nil
        keyNorm = shape.normalizesHeads ? named("self_attn.k_norm.weight") : nil
        attentionOutput = try matrix(.attentionOutput)
        feedForwardNorm = named("post_attention_layernorm.weight")
        gateUp = try matrix(.feedForwardInput)
        down = try matrix(.feedForwardOutput)
    }

    var packed: [PackedWeight] { [attentionInput, attentionOutput, gateUp, down] }
}

/// A norm's weights or biases: one number a feature.
struct VectorWeight: Sendable {
    let weight: NumberMatrix
    /// Nil when they are not trained.
    let gradient: NumberMatrix?

    /// Of parameters that stand side by side in the layout.
    init(_ names: [String], _ layout: ParameterLayout, parameters: FloatBuffer, gradients: FloatBuffer?) {
        let entries = names.map(layout.entry)
        let (offset, count) = (entries[0].offset, entries.reduce(0) { $0 + $1.count })
        weight = NumberMatrix(parameters, offset: offset, rows: 1, columns: count)
        gradient = gradients.map { NumberMatrix($0, offset: offset, rows: 1, columns: count) }
    }
}
