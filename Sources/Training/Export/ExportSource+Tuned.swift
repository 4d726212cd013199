import Foundation
import JSON
import Kernels
import Model
import Weights

extension ExportSource {
    /// Of a tuned run: the base model's shape, tokenizer and template with the run's weights, or with its adapter
    /// merged.
    init(tuned checkpoint: Checkpoint, of run: RunFolder, _ configuration: RunConfiguration) throws {
        guard let reference = configuration.base else {
            throw TrainingError.damaged(file: run.configurationPath, expected: "a base model", actual: "none")
        }
        let base = try reference.open()
        try self.init(base: reference, base)
        name = URL(filePath: run.path).standardizedFileURL.lastPathComponent
        let path = "\(checkpoint.path)/\(Checkpoint.weightsName)"
        let trained = try SafetensorsFile(bytes: try MappedFile(path: path).bytes, name: path).tensors
        if let adapter = configuration.adapter {
            let merged = try MergedWeights(base, adapter, trained, file: path)
            (tensors, self.merged) = (merged.tensors, merged)
        } else {
            tensors = trained
        }
        if configuration.stage == .reward { try becomeReward(trained, file: path) }
        lineage = Self.lineage(checkpoint, of: run) + [("danlu.base.sha256", reference.sha256)]
        record = try RunRecord(run)
    }

    private init(base reference: BaseReference, _ base: BaseModel) throws {
        if reference.isCheckpoint {
            try self.init(checkpoint: reference.path)
        } else if reference.tokenizerFolder != nil {
            try self.init(folder: reference.path)
        } else {
            self.init(gguf: reference.path, base)
            if case .gguf(let file) = try ModelFiles.open(reference.path) { metadata = file.metadata }
        }
        configuration = base.configuration
    }
}
