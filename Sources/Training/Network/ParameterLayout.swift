import Model

/// Where each tensor lies in the one flat buffer of all parameters.
///
/// Tensors follow one another without gaps, so that query, key and value, and gate and up, are one matrix each:
///
///     embed_tokens | layer 0: input_layernorm, q, k, v, their biases (Qwen2), o, q_norm, k_norm (Qwen3),
///     post_attention_layernorm, gate, up, down | layer 1 … | norm | lm_head (when it is not the embedding)
package struct ParameterLayout: Sendable, Equatable {
    /// What an optimiser does with it.
    package enum Kind: String, Sendable {
        /// Maps features to features.
        case matrix
        /// A row a token: the table, and the head where that has weights of its own.
        case embedding
        case norm
        case bias

        /// Shrunk by weight decay.
        var decays: Bool { self == .matrix || self == .embedding }
    }

    package struct Entry: Sendable, Equatable {
        /// Hugging Face's: `"model.layers.0.self_attn.q_proj.weight"`.
        package let name: String
        /// [rows, columns], or [count].
        package let shape: [Int]
        /// Of the first number in the flat buffer.
        package let offset: Int
        package let kind: Kind

        package var count: Int { shape.reduce(1, *) }
        package var range: Range<Int> { offset..<offset + count }
    }

    package let entries: [Entry]
    /// Numbers in all.
    package let count: Int

    init(entries: [Entry], count: Int) {
        self.entries = entries
        self.count = count
    }

    package init(_ configuration: ModelConfiguration) {
        var entries: [Entry] = []
        var offset = 0
        func add(_ name: String, _ shape: [Int], _ kind: Kind) {
            let suffix = kind == .bias ? "bias" : "weight"
            let entry = Entry(name: "\(name).\(suffix)", shape: shape, offset: offset, kind: kind)
            entries.append(entry)
            offset += entry.count
        }
        let dim = configuration.embeddingDim
        let queries = configuration.heads * configuration.keyDim
        let (keys, inner) = (configuration.kvHeads * configuration.keyDim, configuration.feedForwardDim)
        add("model.embed_tokens", [configuration.vocabularySize, dim], .embedding)
        for layer in 0..<configuration.layers {
            let prefix = "model.layers.\(layer)"
            add("\(prefix).input_layernorm", [dim], .norm)
            add("\(prefix).self_attn.q_proj", [queries, dim], .matrix)
            add("\(prefix).self_attn.k_proj", [keys, dim], .matrix)
            add("\(prefix).self_attn.v_proj", [keys, dim], .matrix)
            if configuration.family.needsBias {
                add("\(prefix).self_attn.q_proj", [queries], .bias)
                add("\(prefix).self_attn.k_proj", [keys], .bias)
                add("\(prefix).self_attn.v_proj", [keys], .bias)
            }
            add("\(prefix).self_attn.o_proj", [dim, queries], .matrix)
            if configuration.family.normalizesHeads {
                add("\(prefix).self_attn.q_norm", [configuration.keyDim], .norm)
                add("\(prefix).self_attn.k_norm", [configuration.keyDim], .norm)
            }
            add("\(prefix).post_attention_layernorm", [dim], .norm)
            add("\(prefix).mlp.gate_proj", [inner, dim], .matrix)
            add("\(prefix).mlp.up_proj", [inner, dim], .matrix)
            add("\(prefix).mlp.down_proj", [dim, inner], .matrix)
        }
        add("model.norm", [dim], .norm)
        if configuration.tiesEmbeddings == false { add("lm_head", [configuration.vocabularySize, dim], .embedding) }
        self.entries = entries
        count = offset
    }

    /// The tensor of a name.
    ///
    /// - Precondition: there is one.
    package func entry(_ name: String) -> Entry {
        guard let entry = entries.first(where: { $0.name == name }) else { preconditionFailure("no tensor \(name)") }
        return entry
    }
}
