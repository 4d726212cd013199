import Foundation
import JSON
import Kernels
import Weights

/// A LoRA run's adapter as PEFT saves it: adapter_config.json and adapter_model.safetensors, for Danlu itself,
/// transformers with peft, and whatever reads their files.
///
///     let export = try AdapterExport(run: "runs/mine")
///     let report = try export.write(to: "mine-lora")
package struct AdapterExport {
    private let settings: AdapterSettings
    private let base: BaseReference
    private let tensors: [TensorInfo]
    /// A score is trained beside the adapter.
    private let isReward: Bool
    private let lineage: [(key: String, value: String)]
    private let record: RunRecord
    package let warnings: [String]

    /// Of the newest checkpoint that verifies.
    ///
    /// - Throws: `TrainingError` when there is none, or the run trains no adapter.
    package init(run path: String) throws {
        let run = RunFolder(path: path)
        let configuration = try run.configuration()
        guard let settings = configuration.adapter, let base = configuration.base else {
            throw TrainingError.unsupported(
                field: "format peft", expected: "runs of danlu train lora", actual: "a run of all weights")
        }
        let found = run.checkpoints.newest()
        guard let checkpoint = found.checkpoint else {
            throw TrainingError.damaged(file: run.checkpoints.folder, expected: "a checkpoint", actual: "none")
        }
        let file = "\(checkpoint.path)/\(Checkpoint.weightsName)"
        tensors = try SafetensorsFile(bytes: try MappedFile(path: file).bytes, name: file).tensors
        (self.settings, self.base) = (settings, base)
        record = try RunRecord(run)
        try Self.checkTemplate(run, base)
        isReward = configuration.stage == .reward
        lineage = ExportSource.lineage(checkpoint, of: run) + [("danlu.base.sha256", base.sha256)]
        warnings = found.rejected.map { "\($0.path): \($0.reason)" }
    }

    /// The template that serves must be the one that rendered the examples.
    private static func checkTemplate(_ run: RunFolder, _ base: BaseReference) throws {
        guard !base.isCheckpoint else { return }
        let serving: String?
        switch try ModelFiles.open(base.path) {
        case .gguf(let file): serving = file.metadata.string("tokenizer.chat_template")
        case .folder(let folder): serving = folder.chatTemplate
        }
        let learnt = Files.sha256(try Files.read(run.templatePath, bytesMax: 16 << 20))
        // A base without a template has one of ours.
        guard let serving, Files.sha256(Array(serving.utf8)) != learnt else { return }
        throw TrainingError.changed(
            what: "the base's chat template", path: base.path, expected: learnt,
            actual: Files.sha256(Array(serving.utf8)))
    }

    private func bundleBase() throws -> ModelBundle.Base {
        guard base.isCheckpoint else { return .files(try ModelFiles.open(base.path)) }
        return .checkpoint(sha256: try Files.sum("\(base.path)/\(Checkpoint.weightsName)").sha256)
    }

    /// Writes the folder beside its place and renames it: it is whole or not there.
    ///
    /// - Throws: `TrainingError.file`, `WeightsError`; nothing is left then.
    package func write(to path: String, replaces: Bool = false) throws -> ExportReport {
        guard replaces || !Files.exists(path) else {
            throw TrainingError.file(
                operation: "write", path: path, reason: "there is one already; remove it, or say that it may go")
        }
        let partial = path + ".partial"
        Files.remove(partial)
        do {
            try Files.makeFolder(partial)
            let writer = try SafetensorsWriter(
                path: "\(partial)/adapter_model.safetensors",
                tensors: tensors.map { TensorDescription(name: $0.name, type: .f32, shape: $0.shape) },
                metadata: [("format", "pt")] + lineage, hashes: true)
            for tensor in tensors {
                try writer.write(
                    tensor.name, FloatBuffer(try dequantize(tensor.type, tensor.bytes, count: tensor.parameters)))
            }
            let written = try writer.finish()
            let settings = JSONValue.object(settings.peft(base: base.path, hasScore: isReward)).serialized(.pretty)
            let config: [UInt8] = Array((settings + "\n").utf8)
            try Files.replace("\(partial)/adapter_config.json", with: config)
            try ModelBundle(
                ofAdapter: partial, base: try bundleBase(),
                baseName: record.baseName, training: record.training, data: record.data
            ).write(to: partial)
            try Files.install(partial, as: path)
            return ExportReport(
                path: path, bytes: written.byteCount, sha256: written.sha256 ?? "",
                parameters: tensors.reduce(0) { $0 + $1.parameters }, types: [.f32: tensors.count], fallbacks: [])
        } catch {
            Files.remove(partial)
            throw error
        }
    }
}
