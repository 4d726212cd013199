/// What a run makes of what.
package enum RunStage: String, Codable, Sendable, CaseIterable {
    /// A model from text, from the beginning.
    case pretrain
    /// All weights of a model, with examples.
    case sft
    /// An adapter beside a model, with examples.
    case lora
    /// With pairs of answers, one better than the other (Rafailov et al., 2023).
    case dpo
    /// With answers that were liked or not (Ethayarajh et al., 2024).
    case kto
    /// A model that scores answers, from pairs.
    case reward
    /// With answers of its own that are checked (Shao et al., 2024).
    case grpo
    /// With what another model would say.
    case distill

    /// It starts from a model and learns what examples mark.
    package var isTuning: Bool { self != .pretrain }

    /// Whether it trains an adapter; nil where either may be.
    var hasAdapter: Bool? {
        switch self {
        case .pretrain, .sft: false
        case .lora: true
        case .dpo, .kto, .reward, .grpo, .distill: nil
        }
    }
}
