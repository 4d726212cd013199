import Corpus
import Training

/// The documents of several files and folders, and how far reading them is.
struct TextInputs {
    private var readers: [(reader: DocumentReader, times: Int)]
    private var finishedBytes = 0
    /// Bytes of all files, as they lie on disk.
    let bytes: Int

    init(_ paths: [String], brokenLines: Int) throws {
        try self.init(paths.map { DataPath(path: $0) }, brokenLines: brokenLines)
    }

    /// - Parameters:
    ///   - paths: with weights, if any, that are how often a document counts.
    ///   - brokenLines: of each path that are passed over before one is an error.
    init(_ paths: [DataPath], brokenLines: Int) throws {
        var limits = CorpusLimits()
        limits.brokenLinesMax = brokenLines
        let sources = try paths.map {
            (source: try TextSource(path: $0.path, limits: limits), times: Int($0.weight ?? 1))
        }
        readers = sources.map { ($0.source.reader(), $0.times) }.reversed()
        bytes = sources.reduce(0) { $0 + $1.source.files.reduce(0) { $0 + $1.bytes } }
    }

    /// The part of all files that has been read.
    var share: Double {
        bytes > 0 ? min(1, Double(finishedBytes + (readers.last?.reader.bytesRead ?? 0)) / Double(bytes)) : 1
    }

    /// The next document, and how often it counts.
    mutating func next() throws -> (document: Document, times: Int)? {
        while !readers.isEmpty {
            let last = readers.count - 1
            if let document = try readers[last].reader.next() { return (document, readers[last].times) }
            finishedBytes += readers[last].reader.bytesRead
            readers.removeLast()
        }
        return nil
    }
}
