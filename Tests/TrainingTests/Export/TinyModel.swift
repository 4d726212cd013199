import Foundation
import JSON
import Kernels
import Model
import Tokens
import Training
import Weights

/// A model of made-up weights in a folder of Hugging Face's kind, which goes with this object.
final class TinyModel: Sendable {
    let path: String
    let configuration: ModelConfiguration

    /// Rows of 64 and 96: no K-quant fits.
    static let shape = ModelShape(
        layers: 2, dim: 64, heads: 2, kvHeads: 1, headDim: 32, feedForwardDim: 96, vocabularySize: 300,
        contextTokens: 128)

    /// - Parameter spoil: changes the weights before they are written.
    init(spoil: (FloatBuffer) -> Void = { _ in }) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)").path
        configuration = Self.shape.configuration
        let folder = "\(path)/model"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let layout = ParameterLayout(configuration)
        let weights = FloatBuffer(count: layout.count)
        for index in 0..<layout.count { weights[index] = Float(index * 7919 % 2001 - 1000) / 10_000 }
        spoil(weights)
        let writer = try SafetensorsWriter(
            path: "\(folder)/model.safetensors",
            tensors: layout.entries.map { .init(name: $0.name, type: .f32, shape: $0.shape) })
        for entry in layout.entries { try writer.write(entry.name, weights, from: entry.offset) }
        _ = try writer.finish()
        var trainer = try TokenizerTrainer(TokenizerTrainingSettings(vocabularySize: 290, threads: 1))
        trainer.add(Array("床前明月光，疑是地上霜。the quick brown fox, the quick dog 12345".utf8))
        let vocabulary = try trainer.vocabulary()
        try Data(vocabulary.tokenizerJSON()).write(to: URL(filePath: "\(folder)/tokenizer.json"))
        try Data(vocabulary.tokenizerConfigJSON()).write(to: URL(filePath: "\(folder)/tokenizer_config.json"))
        let config = JSONValue.object(ExportSource.qwen3(configuration, vocabulary))
        try Data(config.serialized().utf8).write(to: URL(filePath: "\(folder)/config.json"))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func source() throws -> ExportSource { try ExportSource(folder: "\(path)/model") }

    /// What lies beside the model.
    var outputs: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0 != "model" }.sorted()
    }
}
