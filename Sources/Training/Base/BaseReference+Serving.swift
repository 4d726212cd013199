import Kernels
import Model
import Weights

extension BaseReference {
    /// The model as serving computes it, quantised as its file is. Its files are those that `open` has verified.
    package func transformer(on pool: WorkerPool) throws(TrainingError) -> Transformer {
        do {
            guard isCheckpoint else { return try Transformer(try ModelFiles.open(path), on: pool) }
            let source = try ExportSource(checkpoint: path)
            let tensors = Dictionary(source.tensors.map { ($0.name, $0) }) { first, _ in first }
            return try Transformer(source.configuration, on: pool) { tensors[$0] }
        } catch let error as TrainingError {
            throw error
        } catch {
            throw .file(operation: "read the model", path: path, reason: "\(error)")
        }
    }
}
