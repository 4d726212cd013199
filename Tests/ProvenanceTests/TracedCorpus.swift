import Corpus
import Foundation
import JSON
import Kernels
import Provenance

/// A corpus in a folder with an index beside it; gone when the test is.
final class TracedCorpus {
    let folder: String
    var corpus: String { "\(folder)/corpus" }
    var index: String { "\(folder)/index" }

    /// - Parameter files: names and their documents, with what else is known of each.
    init(_ files: [String: [(text: String, metadata: JSONObject)]]) throws {
        folder = NSTemporaryDirectory() + "danlu-provenance-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
        for (name, documents) in files {
            let lines = documents.map { document -> String in
                var line = document.metadata
                line["text"] = .string(document.text)
                return JSONValue.object(line).serialized() + "\n"
            }
            try Data(lines.joined().utf8).write(to: URL(filePath: "\(corpus)/\(name)"))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func build(memoryBytesMax: Int = 1 << 20, tokenizer: String? = nil) throws -> CorpusIndex {
        var limits = CorpusLimits()
        limits.keepsMetadata = true
        let builder = try IndexBuilder(output: index, tokenizerFolder: tokenizer, overwrite: true)
        _ = try builder.build(
            TextSource(path: corpus, limits: limits), on: WorkerPool(threads: 2), memoryBytesMax: memoryBytesMax)
        return try CorpusIndex(folder: index)
    }
}
