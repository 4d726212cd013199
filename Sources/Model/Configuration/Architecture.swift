/// A family of models that the transformer can be. Raw values are GGUF's names.
public enum Architecture: String, CaseIterable, Sendable {
    /// Llama 1-3.x, SmolLM2, Mistral.
    case llama
    case qwen2
    case qwen2moe
    case qwen3
    case qwen3moe
    case gemma2
    case gemma3

    /// For errors: what may be asked for.
    static var supported: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// Norms before and after each sublayer, GELU, scaled embeddings.
    package var isGemma: Bool { self == .gemma2 || self == .gemma3 }
    /// Queries and keys are normalised head by head.
    package var normalizesHeads: Bool { self == .qwen3 || self == .qwen3moe || self == .gemma3 }
    /// Queries, keys and values always have a bias; elsewhere they may.
    package var needsBias: Bool { self == .qwen2 || self == .qwen2moe }
    package var hasExperts: Bool { self == .qwen2moe || self == .qwen3moe }
}
