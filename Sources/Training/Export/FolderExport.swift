import Foundation
import JSON
import Kernels
import Weights

/// A model as a folder that transformers loads: config.json, model.safetensors, tokenizer.json, tokenizer_config.json
/// with the chat template, and generation_config.json.
///
///     let export = try FolderExport(ExportSource(run: "runs/poems"), type: .bf16)
///     let report = try export.write(to: "poems", on: pool) { done in … }
package struct FolderExport {
    private let source: ExportSource
    private let type: ExportType

    private static let pieceElements = 1 << 20

    /// - Throws: `TrainingError.unsupported` for a quantised type, which safetensors has no place for.
    package init(_ source: ExportSource, type: ExportType) throws {
        guard type.element.isFloat else {
            throw TrainingError.unsupported(
                field: "type \(type.rawValue) of safetensors", expected: "F32, F16, BF16; quantised ones go into GGUF",
                actual: type.rawValue)
        }
        guard source.metadata == nil else {
            throw TrainingError.unsupported(
                field: "format safetensors of what was tuned from a GGUF file",
                expected: "gguf, or a base in safetensors", actual: "a tokenizer in GGUF's form only")
        }
        self.source = source
        self.type = type
    }

    /// Bytes of weights that will be read.
    package var sourceBytes: Int { source.tensors.reduce(0) { $0 + $1.bytes.count } }

    /// Writes the folder beside its place and renames it: it is whole or not there. A folder of that name stays until
    /// then, and goes when `replaces` is true.
    ///
    /// - Parameter progress: called with the bytes of weights that are done; what it throws ends the work.
    /// - Throws: `TrainingError.file`, `WeightsError`; nothing is left then.
    package func write(
        to path: String, replaces: Bool = false, on pool: WorkerPool, progress: (Int) throws -> Void = { _ in }
    ) throws -> ExportReport {
        guard replaces || !Files.exists(path) else {
            throw TrainingError.file(
                operation: "write", path: path, reason: "there is one already; remove it, or say that it may go")
        }
        let partial = path + ".partial"
        Files.remove(partial)
        do {
            try Files.makeFolder(partial)
            let weights = try weights(to: "\(partial)/model.safetensors", pool, progress)
            try writeTexts(to: partial)
            let record = source.record
            try ModelBundle(
                of: ModelSums(ModelFiles.open(partial)), baseName: record?.baseName, training: record?.training,
                data: record?.data
            ).write(to: partial)
            try Files.install(partial, as: path)
            return ExportReport(
                path: path, bytes: weights.byteCount, sha256: weights.sha256 ?? "", parameters: source.parameters,
                types: [type.element: source.tensors.count], fallbacks: [])
        } catch {
            Files.remove(partial)
            throw error
        }
    }

    private func weights(
        to path: String, _ pool: WorkerPool, _ progress: (Int) throws -> Void
    ) throws -> (byteCount: Int, sha256: String?) {
        let writer = try SafetensorsWriter(
            path: path,
            tensors: source.tensors.map { TensorDescription(name: $0.name, type: type.element, shape: $0.shape) },
            metadata: [("format", "pt")] + source.lineage, hashes: true)
        var done = 0
        for tensor in source.tensors {
            // The score is the run's own, beside whatever is merged.
            let merged = tensor.name == ParameterLayout.scoreName ? nil : source.merged
            try TensorReader(tensor, merged).forEachPiece(elements: Self.pieceElements) { floats in
                try writer.write(tensor.name, floats: floats, on: pool)
                done += GGUFExport.bytes(floats.count, of: tensor)
                try progress(done)
            }
        }
        return try writer.finish()
    }

    private func writeTexts(to folder: String) throws {
        var config = source.config
        // The name before transformers 4.56, and the one since.
        let name: JSONValue = type == .f32 ? "float32" : type == .f16 ? "float16" : "bfloat16"
        (config["torch_dtype"], config["dtype"]) = (name, name)
        var tokenizer = source.tokenizerConfig
        if let template = source.chatTemplate { tokenizer["chat_template"] = .string(template) }
        let texts: [(String, JSONObject)] = [
            ("config.json", config), ("tokenizer_config.json", tokenizer),
            ("generation_config.json", try source.generationConfig()),
        ]
        for (file, object) in texts {
            // Without its type the array would be encoded as JSON itself.
            let bytes: [UInt8] = Array((JSONValue.object(object).serialized(.pretty) + "\n").utf8)
            try Files.replace("\(folder)/\(file)", with: bytes)
        }
        try Files.replace("\(folder)/tokenizer.json", with: source.tokenizerJSON)
    }
}
