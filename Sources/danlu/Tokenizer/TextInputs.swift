import Corpus

/// The documents of several files and folders, and how far reading them is.
struct TextInputs {
    private var readers: [DocumentReader]
    private var finishedBytes = 0
    /// Bytes of all files, as they lie on disk.
    let bytes: Int

    /// - Parameter brokenLines: of each path that are passed over before one is an error.
    init(_ paths: [String], brokenLines: Int) throws {
        var limits = CorpusLimits()
        limits.brokenLinesMax = brokenLines
        let sources = try paths.map { try TextSource(path: $0, limits: limits) }
        readers = sources.map { $0.reader() }.reversed()
        bytes = sources.reduce(0) { $0 + $1.files.reduce(0) { $0 + $1.bytes } }
    }

    /// The part of all files that has been read.
    var share: Double {
        bytes > 0 ? min(1, Double(finishedBytes + (readers.last?.bytesRead ?? 0)) / Double(bytes)) : 1
    }

    mutating func next() throws -> Document? {
        while !readers.isEmpty {
            if let document = try readers[readers.count - 1].next() { return document }
            finishedBytes += readers[readers.count - 1].bytesRead
            readers.removeLast()
        }
        return nil
    }
}
