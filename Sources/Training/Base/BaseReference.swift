import Foundation
import Weights

/// The model that a run starts from, and what identifies it: a run goes on with the same one or not at all.
package struct BaseReference: Codable, Equatable, Sendable {
    /// A GGUF file, a folder of Hugging Face's kind, or a checkpoint of a run.
    package var path: String
    /// SHA-256 over the names, sizes and contents of its files.
    package var sha256: String

    /// Of a file, a folder, or a run, of which the newest sound checkpoint is taken.
    ///
    /// - Throws: `TrainingError` when there is nothing, or nothing sound.
    package init(path: String) throws(TrainingError) {
        var place = URL(filePath: path).standardizedFileURL.path
        let run = RunFolder(path: place)
        // A folder of Hugging Face's kind has a config.json too.
        if let settings = try? run.configuration() {
            guard settings.adapter == nil else {
                throw .unsupported(
                    field: "base \(path)", expected: "a whole model; merge the adapter first, with danlu export",
                    actual: "an adapter")
            }
            guard settings.stage != .reward else {
                throw .unsupported(
                    field: "base \(path)", expected: "a model that writes", actual: "a reward model, which scores")
            }
            guard let newest = run.checkpoints.newest().checkpoint else { throw .noRun(path: path) }
            place = newest.path
        }
        self.path = place
        sha256 = try Self.sum(place)
        guard !isCheckpoint else { return }
        let files = try Self.files(place)
        do { try ModelBundle.check(files, path: path) } catch { throw .weights(error) }
    }

    /// Opens the model.
    ///
    /// - Parameter verifies: whether its files are read and compared; not just after they have been.
    /// - Throws: `TrainingError.changed` when it is another one now.
    package func open(verifies: Bool = true) throws(TrainingError) -> BaseModel {
        let actual = verifies ? try Self.sum(path) : sha256
        guard actual == sha256 else {
            throw .changed(what: "the base model", path: path, expected: sha256, actual: actual)
        }
        if Self.isCheckpoint(path) {
            do {
                let source = try ExportSource(checkpoint: path)
                return try BaseModel(source.configuration, source.tensors)
            } catch let error as TrainingError {
                throw error
            } catch {
                throw .file(operation: "read the model", path: path, reason: "\(error)")
            }
        }
        return try BaseModel(try Self.files(path))
    }

    package var isCheckpoint: Bool { Self.isCheckpoint(path) }

    /// Where tokenizer.json and its like lie; nil for a GGUF file, which has its own.
    package var tokenizerFolder: String? {
        if isCheckpoint { return Self.run(ofCheckpoint: path).tokenizerPath }
        return Files.exists("\(path)/config.json") ? path : nil
    }

    static func run(ofCheckpoint path: String) -> RunFolder {
        RunFolder(path: URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent().path)
    }

    private static func isCheckpoint(_ path: String) -> Bool { Files.exists("\(path)/\(Checkpoint.manifestName)") }

    private static func files(_ path: String) throws(TrainingError) -> ModelFiles {
        do { return try ModelFiles.open(path) } catch { throw .weights(error) }
    }

    private static func sum(_ path: String) throws(TrainingError) -> String {
        var paths: [String] = []
        if isCheckpoint(path) {
            paths = ["\(path)/\(Checkpoint.weightsName)"]
        } else {
            let files = try files(path)
            paths = files.paths
            for name in ["config.json", "tokenizer.json"] where Files.exists("\(path)/\(name)") {
                paths.append("\(path)/\(name)")
            }
        }
        var lines = ""
        for path in paths {
            let sum = try Files.sum(path)
            lines += "\((path as NSString).lastPathComponent)\u{0}\(sum.bytes)\u{0}\(sum.sha256)\n"
        }
        return Files.sha256(Array(lines.utf8))
    }
}
