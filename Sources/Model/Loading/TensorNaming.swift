/// What a format calls the tensors.
package enum TensorNaming {
    /// Experts of one layer are stacked in one tensor.
    case gguf
    /// - Parameters:
    ///   - prefix: what stands before `layers`: checkpoints that also see images have more.
    ///   - hasSandwichNorms: Gemma's, where Llama's names of norms mean others.
    case huggingFace(prefix: String, hasSandwichNorms: Bool)

    /// What may stand before `layers` in Hugging Face's names.
    package static let prefixes = ["model.", "language_model.model.", "model.language_model.", ""]

    var stacksExperts: Bool { if case .gguf = self { true } else { false } }

    /// The name in full, nil for what the format does not have.
    package func callAsFunction(_ name: TensorName) -> String? {
        let suffix = name.isBias ? "bias" : "weight"
        switch self {
        case .gguf:
            return name.layer.map { "blk.\($0).\(gguf(name.role)).\(suffix)" } ?? "\(gguf(name.role)).\(suffix)"
        case .huggingFace(let prefix, let sandwich):
            switch name.role {
            case .embedding: return "\(prefix)embed_tokens.weight"
            case .outputNorm: return "\(prefix)norm.weight"
            // Beside the model, not in it: what follows "model." belongs to the text part of one with images.
            case .head: return prefix.hasPrefix("language_model.") ? "language_model.lm_head.weight" : "lm_head.weight"
            case .rotaryFactors: return nil
            default:
                let part = huggingFace(name.role, expert: name.expert ?? 0, sandwich)
                return "\(layerPrefix)\(name.layer ?? 0).\(part).\(suffix)"
            }
        }
    }

    /// What the names of all tensors of layers start with.
    package var layerPrefix: String {
        switch self {
        case .gguf: "blk."
        case .huggingFace(let prefix, _): "\(prefix)layers."
        }
    }

    private func gguf(_ role: TensorName.Role) -> String {
        switch role {
        case .embedding: "token_embd"
        case .outputNorm: "output_norm"
        case .head: "output"
        case .rotaryFactors: "rope_freqs"
        case .attentionNorm: "attn_norm"
        case .query: "attn_q"
        case .key: "attn_k"
        case .value: "attn_v"
        case .queryNorm: "attn_q_norm"
        case .keyNorm: "attn_k_norm"
        case .attentionOutput: "attn_output"
        case .postAttentionNorm: "post_attention_norm"
        case .feedForwardNorm: "ffn_norm"
        case .gate: "ffn_gate"
        case .up: "ffn_up"
        case .down: "ffn_down"
        case .postFeedForwardNorm: "post_ffw_norm"
        case .router: "ffn_gate_inp"
        case .expertGate: "ffn_gate_exps"
        case .expertUp: "ffn_up_exps"
        case .expertDown: "ffn_down_exps"
        case .sharedShare: "ffn_gate_inp_shexp"
        case .sharedGate: "ffn_gate_shexp"
        case .sharedUp: "ffn_up_shexp"
        case .sharedDown: "ffn_down_shexp"
        }
    }

    private func huggingFace(_ role: TensorName.Role, expert: Int, _ sandwich: Bool) -> String {
        switch role {
        case .embedding, .outputNorm, .head, .rotaryFactors: preconditionFailure("\(role) is in no layer")
        case .attentionNorm: "input_layernorm"
        case .query: "self_attn.q_proj"
        case .key: "self_attn.k_proj"
        case .value: "self_attn.v_proj"
        case .queryNorm: "self_attn.q_norm"
        case .keyNorm: "self_attn.k_norm"
        case .attentionOutput: "self_attn.o_proj"
        case .postAttentionNorm: "post_attention_layernorm"
        case .feedForwardNorm: sandwich ? "pre_feedforward_layernorm" : "post_attention_layernorm"
        case .gate: "mlp.gate_proj"
        case .up: "mlp.up_proj"
        case .down: "mlp.down_proj"
        case .postFeedForwardNorm: "post_feedforward_layernorm"
        case .router: "mlp.gate"
        case .expertGate: "mlp.experts.\(expert).gate_proj"
        case .expertUp: "mlp.experts.\(expert).up_proj"
        case .expertDown: "mlp.experts.\(expert).down_proj"
        case .sharedShare: "mlp.shared_expert_gate"
        case .sharedGate: "mlp.shared_expert.gate_proj"
        case .sharedUp: "mlp.shared_expert.up_proj"
        case .sharedDown: "mlp.shared_expert.down_proj"
        }
    }
}
