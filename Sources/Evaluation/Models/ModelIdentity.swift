import Foundation

/// The files that a model's answers depend on, by their content.
///
///     let identity = try ModelIdentity(path: "qwen.gguf", adapters: ["pirate-lora"])
///     identity.hash       // of all of them, names left out of account
package struct ModelIdentity: Codable, Equatable, Sendable {
    package struct Part: Codable, Equatable, Sendable {
        package var name: String
        package var sha256: String
    }

    package let parts: [Part]
    package let hash: String

    /// - Parameters:
    ///   - path: a GGUF file, or a folder of Hugging Face's kind.
    ///   - setting: what else changes answers, such as the form of the cache.
    /// - Throws: `EvaluationError.file`.
    package init(path: String, adapters: [String] = [], setting: String = "") throws(EvaluationError) {
        var parts: [Part] = []
        for path in [path] + adapters {
            for file in try Self.files(of: path) {
                parts.append(Part(name: (file as NSString).lastPathComponent, sha256: try Hashing.hash(file: file)))
            }
        }
        self.parts = parts
        hash = Hashing.hash(parts.map(\.sha256).joined(separator: "\n") + setting)
    }

    private static func files(of path: String) throws(EvaluationError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .file(operation: "read", path: path, reason: "there is no such file or folder")
        }
        guard isFolder.boolValue else { return shards(of: path) }
        let endings: Set = ["safetensors", "json", "jinja", "model"]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { endings.contains(($0 as NSString).pathExtension) && !$0.hasPrefix(".") }.sorted()
            .map { "\(path)/\($0)" }
    }

    /// A model in several GGUF files is named by its first: `name-00001-of-00003.gguf`.
    private static func shards(of path: String) -> [String] {
        guard let match = path.firstMatch(of: /^(.*-)00001(-of-\d{5}\.gguf)$/) else { return [path] }
        return (1...99_999).lazy.map { "\(match.1)\(String(format: "%05d", $0))\(match.2)" }
            .prefix { FileManager.default.fileExists(atPath: $0) }.map { $0 }
    }
}
