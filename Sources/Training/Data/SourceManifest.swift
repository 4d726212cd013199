import Corpus

/// What a source's text consists of, by content.
struct SourceManifest: Codable, Equatable, Sendable {
    struct File: Codable, Equatable, Sendable {
        /// From the source's folder, so that a moved folder is the same source.
        var name: String
        var bytes: Int
        var sha256: String
    }

    var files: [File]
    /// Lines that may be passed over: another number may give other documents.
    var brokenLinesMax: Int

    init(files: [File]) {
        self.files = files
        brokenLinesMax = 0
    }

    /// Reads every file once.
    init(_ source: TextSource) throws(TrainingError) {
        var files: [File] = []
        for file in source.files {
            let sum = try Files.sum(file.path)
            files.append(File(name: file.name, bytes: sum.bytes, sha256: sum.sha256))
        }
        self.files = files
        brokenLinesMax = source.limits.brokenLinesMax
    }

    /// SHA-256 over names, sizes and contents, in hex.
    var hash: String {
        let lines = files.map { "\($0.name)\u{0}\($0.bytes)\u{0}\($0.sha256)\n" }
        return Files.sha256(Array((lines.joined() + "broken \(brokenLinesMax)\n").utf8))
    }
}
