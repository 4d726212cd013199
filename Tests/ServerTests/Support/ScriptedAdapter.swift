import Foundation
import JSON

/// An adapter of the scripted model with which an answer is ticks and tocks without end.
///
/// The model's feed-forward layer does nothing. The adapter makes its first inner element
///
///     silu(g) * g      g = 10 cos(x, embedding of <|answer|>)
///
/// which is 100 where an answer begins and less than 1 elsewhere, and adds a tenth as much of the embedding of the
/// token that begins the loop.
enum ScriptedAdapter {
    /// Writes it as PEFT does.
    static func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let config: JSONValue = [
            "peft_type": "LORA", "r": 1, "lora_alpha": 1, "bias": "none", "target_modules": ["gate_proj"],
        ]
        try Data(config.serialized().utf8).write(to: folder.appending(path: "adapter_config.json"))
        try weights.write(to: folder.appending(path: "adapter_model.safetensors"))
    }

    private static var weights: Data {
        let size = ScriptedModel.dimensions
        let embeddings = ScriptedModel.matrices().embeddings
        func embedding(_ name: String) -> [Float] {
            let id = ScriptedModel.id(name)
            return Array(embeddings[id * size..<(id + 1) * size])
        }
        let first: [Float] = [10] + Array(repeating: 0, count: 31)
        let answer = embedding("<|answer|>").map { $0 / Float(size) }
        let loop = embedding("<|loop|>")
        let start = "base_model.model.model.layers.0.mlp."
        return ScriptedModel.file([
            (start + "gate_proj.lora_A.weight", [1, size], answer), (start + "gate_proj.lora_B.weight", [32, 1], first),
            (start + "up_proj.lora_A.weight", [1, size], answer), (start + "up_proj.lora_B.weight", [32, 1], first),
            (start + "down_proj.lora_A.weight", [1, 32], first.map { $0 / 100 }),
            (start + "down_proj.lora_B.weight", [size, 1], loop),
        ])
    }
}
