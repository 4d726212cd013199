import Weights

/// A file's size and content, as manifests hold them.
struct FileSum: Codable, Equatable, Sendable {
    var bytes: Int
    /// In hex.
    var sha256: String
}

extension FileSum {
    /// - Precondition: the file was hashed.
    init(_ written: OutputFile.Written) {
        guard let sha256 = written.sha256 else { preconditionFailure("a file that was not hashed") }
        self.init(bytes: written.byteCount, sha256: sha256)
    }
}
