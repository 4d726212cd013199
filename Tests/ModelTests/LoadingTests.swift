import Foundation
import JSON
import Kernels
import Model
import Testing
import Weights

/// Files whose configuration and tensors do not fit each other.
@Suite struct LoadingTests {
    /// Loads a golden with some fields of its config.json changed.
    private func load(_ name: String, _ changes: [String: JSONValue]) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = try Golden.url(name)
        let text = try String(contentsOf: source.appendingPathComponent("config.json"), encoding: .utf8)
        var config = try #require(try JSONValue(parsing: text).object)
        for (key, value) in changes { config[key] = value }
        try JSONValue.object(config).serialized()
            .write(to: folder.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
        try FileManager.default.copyItem(
            at: source.appendingPathComponent("model.safetensors"),
            to: folder.appendingPathComponent("model.safetensors"))
        _ = try Transformer(try ModelFiles.open(folder.path), on: try WorkerPool(threads: 1))
    }

    @Test func missingTensorsAreNamed() {
        #expect(
            throws: ModelError.missingTensor(name: "model.layers.2.input_layernorm.weight", shape: [32])
        ) { try load("llama", ["num_hidden_layers": 3]) }
        #expect(throws: ModelError.missingTensor(name: "lm_head.weight", shape: [131, 32])) {
            try load("gemma3", ["tie_word_embeddings": false])
        }
        #expect(throws: ModelError.missingTensor(name: "model.layers.0.self_attn.q_proj.bias", shape: [64])) {
            try load("llama", ["model_type": "qwen2"])
        }
    }

    @Test func wrongShapesAreNamed() {
        #expect(throws: ModelError.wrongShape(tensor: "lm_head.weight", expected: [130, 32], actual: [131, 32])) {
            try load("llama", ["vocab_size": 130])
        }
        #expect(
            throws: ModelError.wrongShape(
                tensor: "model.layers.0.self_attn.q_proj.weight", expected: [32, 32], actual: [64, 32])
        ) { try load("llama", ["num_attention_heads": 2]) }
        #expect(
            throws: ModelError.wrongShape(
                tensor: "model.layers.0.mlp.gate_proj.weight", expected: [1_000_000, 32], actual: [48, 32])
        ) { try load("llama", ["intermediate_size": 1_000_000]) }
    }

    @Test func leftTensorsAreNamed() {
        let error = #expect(throws: ModelError.self) { try load("qwen3", ["model_type": "llama"]) }
        #expect(error?.description.contains("_norm.weight") == true)
        #expect(throws: ModelError.self) { try load("llama", ["num_hidden_layers": 1]) }
        #expect(throws: ModelError.self) { try load("qwen3_moe", ["num_experts": 5]) }
    }

    @Test func attentionBiasesAreUsedWhereTheyAre() throws {
        // Qwen2 without its name: the biases are there, so they count.
        try load("qwen2", ["model_type": "llama"])
    }
}
