/// What a run is trained on: written once into its folder, and compared when it goes on.
package struct DataManifest: Codable, Equatable, Sendable {
    package struct Source: Codable, Equatable, Sendable {
        package var path: String
        package var weight: Double
        /// Of the shard in the cache.
        package var key: String
        /// SHA-256 over names and contents of the source's files.
        package var sha256: String
        package var files: Int
        package var documents: Int
        package var tokens: Int
        package var textBytes: Int
        package var brokenLines: Int
        package var heldOutDocuments: Int
    }

    package var tokenizer: String
    package var heldOutShare: Double
    package var sources: [Source]

    /// SHA-256 over what the order of the training data depends on, in hex.
    package var hash: String {
        let lines = sources.map { "\($0.key) \($0.weight)\n" }
        return Files.sha256(Array(("\(tokenizer) \(heldOutShare)\n" + lines.joined()).utf8))
    }

    package var tokens: Int { sources.reduce(0) { $0 + $1.tokens } }
}
