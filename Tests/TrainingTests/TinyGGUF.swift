import Kernels
import Model
import Testing
import Training
import Weights

/// A golden model as a GGUF file: of llama, rows of queries and keys in GGUF's order.
struct TinyGGUF {
    let files: ModelFiles
    let configuration: ModelConfiguration

    init(_ folder: String) throws {
        files = try ModelFiles.open(folder)
        guard case .folder(let opened) = files else { preconditionFailure("\(folder) is a folder") }
        configuration = try ModelConfiguration(huggingFace: opened.config)
    }

    private static let names = [
        ("input_layernorm", "attn_norm"), ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"), ("self_attn.o_proj", "attn_output"), ("post_attention_layernorm", "ffn_norm"),
        ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"),
    ]

    /// The file's path.
    func write(to folder: String, matrices type: ElementType) throws -> String {
        let c = configuration
        let kind = c.architecture
        let metadata = Metadata([
            "general.architecture": .string(kind), "\(kind).block_count": .uint32(UInt32(c.layers)),
            "\(kind).embedding_length": .uint32(UInt32(c.embeddingDim)),
            "\(kind).attention.head_count": .uint32(UInt32(c.heads)),
            "\(kind).attention.head_count_kv": .uint32(UInt32(c.kvHeads)),
            "\(kind).feed_forward_length": .uint32(UInt32(c.feedForwardDim)),
            "\(kind).context_length": .uint32(UInt32(c.contextTokens)),
            "\(kind).vocab_size": .uint32(UInt32(c.vocabularySize)),
            "\(kind).attention.layer_norm_rms_epsilon": .float32(c.normEpsilon),
            "\(kind).rope.freq_base": .float32(Float(c.rotary.base)),
        ])
        var tensors: [(TensorInfo, TensorDescription)] = []
        for info in files.tensors {
            var name = info.name.replacing("model.layers.", with: "blk.").replacing("model.", with: "")
            for (long, short) in Self.names { name = name.replacing(long, with: short) }
            name = name.replacing("embed_tokens", with: "token_embd").replacing("lm_head", with: "output")
            if name == "norm.weight" { name = "output_norm.weight" }
            tensors.append(
                (info, TensorDescription(name: name, type: info.shape.count > 1 ? type : .f32, shape: info.shape)))
        }
        let path = "\(folder)/\(kind)-\(type.name).gguf"
        let writer = try GGUFWriter(path: path, metadata: metadata, tensors: tensors.map(\.1))
        for (info, target) in tensors {
            try reordered(info).withUnsafeBufferPointer { try writer.write(target.name, floats: $0) }
        }
        _ = try writer.finish()
        return path
    }

    /// Rows i and i + half a head become neighbours.
    private func reordered(_ info: TensorInfo) throws -> [Float] {
        let floats = try dequantize(info.type, info.bytes, count: info.parameters)
        let isTurned = info.name.contains("q_proj.weight") || info.name.contains("k_proj.weight")
        guard configuration.family == .llama, isTurned else { return floats }
        let (head, columns) = (configuration.keyDim, info.columns)
        var result: [Float] = []
        for start in stride(from: 0, to: info.rows, by: head) {
            for pair in 0..<head / 2 {
                for row in [start + pair, start + pair + head / 2] {
                    result += floats[row * columns..<(row + 1) * columns]
                }
            }
        }
        return result
    }
}
