/// What a run makes of what.
package enum RunStage: String, Codable, Sendable, CaseIterable {
    /// A model from text, from the beginning.
    case pretrain
    /// All weights of a model, with examples.
    case sft
    /// An adapter beside a model, with examples.
    case lora

    /// It starts from a model and learns what examples mark.
    package var isTuning: Bool { self != .pretrain }
}
