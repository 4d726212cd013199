/// What a tuned model is made of. Each part has a hash, so that a mismatch can be named.
public enum BundlePart: String, CaseIterable, Sendable {
    /// The tensors of a whole model: names, types, shapes and bytes.
    case weights
    /// adapter_model.safetensors.
    case adapter
    /// How weights or adapter are to be computed with: config.json, a GGUF file's keys, adapter_config.json.
    case configuration
    /// Weights and configuration of the model that an adapter changes.
    case base
    /// The same, where an adapter changes the weights of a run: what is exported of that run names them.
    case run
    /// Of a model, or of an adapter's base.
    case tokenizer
    /// The chat template's source.
    case template
    /// All settings of the run.
    case training
    /// What the run learnt from.
    case data
}
