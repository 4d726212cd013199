/// A linear layer that LoRA adapts, by the name that Hugging Face's models and PEFT have for it.
package enum AdapterTarget: String, Sendable, CaseIterable, Codable {
    case query = "q_proj"
    case key = "k_proj"
    case value = "v_proj"
    case output = "o_proj"
    case gate = "gate_proj"
    case up = "up_proj"
    case down = "down_proj"

    /// Its module within a layer.
    var module: String {
        switch self {
        case .query, .key, .value, .output: "self_attn.\(rawValue)"
        case .gate, .up, .down: "mlp.\(rawValue)"
        }
    }
}
