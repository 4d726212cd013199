import Foundation
import JSON
import Kernels
import Model
import Tokens
import Weights

/// A model that is to be exported: its shape, weights and tokenizer, wherever they come from.
package struct ExportSource: Sendable {
    /// What the model is called where a file has a place for it.
    package var name: String
    package var configuration: ModelConfiguration
    /// config.json, as transformers has it.
    package var config: JSONObject
    /// By Hugging Face's names.
    package var tensors: [TensorInfo]
    /// tokenizer.json.
    package var tokenizerJSON: [UInt8]
    /// tokenizer_config.json.
    package var tokenizerConfig: JSONObject
    package var chatTemplate: String?
    /// generation_config.json.
    package var generation: JSONObject?
    /// Where the weights are from: goes into the files' metadata.
    package var lineage: [(key: String, value: String)] = []
    /// How rows of `tensors` come about when their bytes alone are not the weights: an adapter is merged.
    var merged: MergedWeights?
    /// Of the GGUF file that the model was tuned from: its tokenizer is in there, and the fields above have none.
    var metadata: Metadata?
    /// Of the run that made the model; nil for one from elsewhere.
    var record: RunRecord?
    /// A score stands in place of the head.
    var isReward = false
    /// What was found on the way: checkpoints that were passed over.
    package var warnings: [String] = []

    package var parameters: Int { tensors.reduce(0) { $0 + $1.parameters } }

    /// A folder of Hugging Face's kind.
    ///
    /// - Throws: `WeightsError`, `ModelError`, `TrainingError.unsupported` for what has no place in a file.
    package init(folder path: String) throws {
        guard Files.exists("\(path)/config.json") else {
            throw TrainingError.file(
                operation: "export", path: path, reason: "no config.json; give the folder of a Hugging Face model")
        }
        let folder = try HuggingFaceFolder(path: path)
        name = URL(filePath: path).standardizedFileURL.lastPathComponent
        configuration = try ModelConfiguration(huggingFace: folder.config)
        config = folder.config.object ?? JSONObject()
        tensors = folder.tensors
        tokenizerJSON = try folder.tokenizerJSON()
        tokenizerConfig = folder.tokenizerConfig?.object ?? JSONObject()
        chatTemplate = folder.chatTemplate
        generation = folder.generationConfig?.object
    }

    /// The newest checkpoint of a run that verifies.
    ///
    /// - Throws: `TrainingError` when there is no run, or no sound checkpoint.
    package init(run path: String) throws {
        let run = RunFolder(path: path)
        guard run.exists else { throw TrainingError.noRun(path: path) }
        let found = run.checkpoints.newest()
        guard let checkpoint = found.checkpoint else {
            throw TrainingError.damaged(
                file: run.checkpoints.folder, expected: "a checkpoint",
                actual: found.rejected.first.map { "only damaged ones (\($0.reason))" }
                    ?? "none; train some steps first")
        }
        try self.init(checkpoint, of: run)
        warnings = found.rejected.map { "\($0.path): \($0.reason)" }
    }

    /// One checkpoint of a run: a folder `RUN/checkpoints/step-N`.
    package init(checkpoint path: String) throws {
        let folder = URL(filePath: path).standardizedFileURL
        let run = RunFolder(path: folder.deletingLastPathComponent().deletingLastPathComponent().path)
        guard run.exists else { throw TrainingError.noRun(path: run.path) }
        try self.init(try Checkpoint(verifying: folder.path), of: run)
    }

    /// Shape and names of a GGUF file; tensors are still to come.
    init(gguf path: String, _ base: BaseModel) {
        name = URL(filePath: path).deletingPathExtension().lastPathComponent
        configuration = base.configuration
        (config, tokenizerConfig) = (JSONObject(), JSONObject())
        (tensors, tokenizerJSON) = ([], [])
    }

    private init(_ checkpoint: Checkpoint, of run: RunFolder) throws {
        let settings = try run.configuration()
        if settings.stage.isTuning {
            try self.init(tuned: checkpoint, of: run, settings)
        } else {
            try self.init(pretrained: checkpoint, of: run, settings)
        }
    }

    private init(pretrained checkpoint: Checkpoint, of run: RunFolder, _ settings: RunConfiguration) throws {
        name = URL(filePath: run.path).standardizedFileURL.lastPathComponent
        configuration = settings.model.configuration
        let path = "\(checkpoint.path)/\(Checkpoint.weightsName)"
        tensors = try SafetensorsFile(bytes: try MappedFile(path: path).bytes, name: path).tensors
        try Self.check(run, checkpoint.manifest.hashes)
        tokenizerJSON = try Files.read("\(run.tokenizerPath)/tokenizer.json", bytesMax: TokensLimits().jsonBytesMax)
        tokenizerConfig = try Self.object("\(run.tokenizerPath)/tokenizer_config.json") ?? JSONObject()
        let template = "\(run.tokenizerPath)/chat_template.jinja"
        chatTemplate =
            Files.exists(template)
            ? String(decoding: try Files.read(template, bytesMax: Self.textBytesMax), as: UTF8.self)
            : tokenizerConfig["chat_template"]?.string
        generation = try Self.object("\(run.tokenizerPath)/generation_config.json")
        record = try RunRecord(run)
        config = JSONObject()
        lineage = Self.lineage(checkpoint, of: run)
        config = Self.qwen3(configuration, try vocabulary())
    }

    /// Where a checkpoint's weights are from.
    static func lineage(_ checkpoint: Checkpoint, of run: RunFolder) -> [(key: String, value: String)] {
        let name = URL(filePath: run.path).standardizedFileURL.lastPathComponent
        var lineage = [
            ("danlu.run", name), ("danlu.step", "\(checkpoint.manifest.step)"),
            ("danlu.configuration.sha256", checkpoint.manifest.hashes.configuration),
            ("danlu.tokenizer.sha256", checkpoint.manifest.hashes.tokenizer),
            ("danlu.data.sha256", checkpoint.manifest.hashes.data),
        ]
        if let weights = checkpoint.manifest.files[Checkpoint.weightsName] {
            lineage.append((ModelBundle.originKey, weights.sha256))
        }
        return lineage.map { (key: $0.0, value: $0.1) }
    }

    /// A model is of no use with another tokenizer than the one it learnt with.
    private static func check(_ run: RunFolder, _ hashes: CheckpointManifest.Hashes) throws(TrainingError) {
        let tokenizer = try TrainingTokenizer(folder: run.tokenizerPath)
        for (what, expected, actual) in [
            ("the tokenizer", hashes.tokenizer, tokenizer.hash),
            ("the template", hashes.template, tokenizer.templateHash),
        ] where expected != actual {
            throw .changed(what: what, path: run.tokenizerPath, expected: expected, actual: actual)
        }
    }

    private static let textBytesMax = 16 << 20

    private static func object(_ path: String) throws -> JSONObject? {
        guard Files.exists(path) else { return nil }
        return try JSONValue(parsing: Files.read(path, bytesMax: textBytesMax)).object
    }

    /// The vocabulary as a GGUF file holds it.
    ///
    /// - Throws: `TokensError.unsupported` for anything but byte-level byte-pair vocabularies.
    func vocabulary() throws -> BytePairVocabulary {
        try BytePairVocabulary(tokenizerJSON: tokenizerJSON, tokenizerConfig: .object(tokenizerConfig))
    }
}
