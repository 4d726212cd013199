import Kernels

/// The weights of one layer and where their gradients go.
struct LayerWeights: Sendable {
    let attentionNorm: NormWeight
    /// Rows of queries, keys and values, one after the other.
    let attentionInput: PackedWeight
    let queryNorm: NormWeight
    let keyNorm: NormWeight
    let attentionOutput: PackedWeight
    let feedForwardNorm: NormWeight
    /// Rows of gates, then of ups.
    let gateUp: PackedWeight
    let down: PackedWeight

    /// One factor a feature.
    struct NormWeight: Sendable {
        let weight: NumberMatrix
        let gradient: NumberMatrix

        init(_ name: String, _ layout: ParameterLayout, parameters: FloatBuffer, gradients: FloatBuffer) {
            let entry = layout.entry(name)
            weight = NumberMatrix(parameters, offset: entry.offset, rows: 1, columns: entry.count)
            gradient = NumberMatrix(gradients, offset: entry.offset, rows: 1, columns: entry.count)
        }
    }

    init(
        layer: Int, _ layout: ParameterLayout, parameters: FloatBuffer, gradients: FloatBuffer, precision: Precision
    ) throws(KernelsError) {
        func norm(_ name: String) -> NormWeight {
            NormWeight(
                "model.layers.\(layer).\(name).weight", layout, parameters: parameters, gradients: gradients)
        }
        func packed(_ names: [String]) throws(KernelsError) -> PackedWeight {
            try PackedWeight(
                names.map { "model.layers.\(layer).\($0)_proj.weight" }, layout, parameters: parameters,
                gradients: gradients, precision: precision)
        }
        attentionNorm = norm("input_layernorm")
        attentionInput = try packed(["self_attn.q", "self_attn.k", "self_attn.v"])
        queryNorm = norm("self_attn.q_norm")
        keyNorm = norm("self_attn.k_norm")
        attentionOutput = try packed(["self_attn.o"])
        feedForwardNorm = norm("post_attention_layernorm")
        gateUp = try packed(["mlp.gate", "mlp.up"])
        down = try packed(["mlp.down"])
    }

    var packed: [PackedWeight] { [attentionInput, attentionOutput, gateUp, down] }
}
