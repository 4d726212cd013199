import Foundation
import JSON
import Kernels
import Model
import Testing
import Weights

/// A tiny model and the logits that transformers computes for it (Goldens/make_models.py).
struct Golden {
    static let folders = [
        "llama", "mistral", "qwen2", "qwen2_window", "qwen3", "gemma2", "gemma3", "qwen2_moe", "qwen3_moe",
        "qwen3_moe_mixed",
    ]
    static let ggufs = ["llama", "qwen2", "qwen3", "gemma2", "gemma3", "qwen2_moe", "qwen3_moe"]

    let model: Transformer
    let pool: WorkerPool
    let ids: [Int32]
    let logits: Matrix

    /// - Parameters:
    ///   - file: `"qwen3"` for the Hugging Face folder, `"qwen3.gguf"` for the GGUF file.
    ///   - logits: their file, when it is not the model's own.
    init(_ file: String, logits: String? = nil, threads: Int = 2) throws {
        let name = file.split(separator: ".").first.map(String.init) ?? file
        pool = try WorkerPool(threads: threads)
        model = try Transformer(try ModelFiles.open(try Self.url(file).path), on: pool)
        let list = try JSONValue(parsing: try String(contentsOf: try Self.url("ids.json"), encoding: .utf8))
        ids = try #require(list.array).map { Int32($0.int ?? -1) }
        let data = try Data(contentsOf: try Self.url(logits ?? "\(name)/logits.f32"))
        let values = data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
        self.logits = Matrix(rows: ids.count, columns: model.configuration.vocabularySize, values: values)
    }

    static func url(_ file: String) throws -> URL {
        let goldens = try #require(Bundle.module.url(forResource: "Goldens", withExtension: nil))
        return goldens.appendingPathComponent(file)
    }

    /// Our logits for the tokens, `chunk` of them a step.
    func computed(
        chunk: Int, element: KVStorage.Element = .f32, adapters: [AdapterUse] = []
    ) throws -> Matrix {
        let cache = try model.makeCache(tokens: 64, element: element)
        let workspace = Workspace(model, tokensMax: ids.count, logitRowsMax: ids.count)
        let result = Matrix(rows: ids.count, columns: model.configuration.vocabularySize)
        for first in stride(from: 0, to: ids.count, by: chunk) {
            let tokens = first..<min(ids.count, first + chunk)
            let run = TokenRun(
                tokens: Array(ids[tokens]), firstPosition: first, pages: [1, 0], wants: .allLogits, adapters: adapters)
            let output = model.forward([run], cache: cache, workspace: workspace, on: pool)
            result.rows(tokens).assign(output.logits)
        }
        return result
    }

    /// The largest difference, in parts of the largest logit.
    func error(_ computed: Matrix) -> Float {
        let (ours, theirs) = (computed.copy(), logits.copy())
        // A comparison with NaN must not pass.
        guard ours.allSatisfy(\.isFinite) else { return .infinity }
        return zip(ours, theirs).map { abs($0 - $1) }.reduce(0, max) / theirs.map(abs).reduce(0, max)
    }
}
