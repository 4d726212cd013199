/// What a shard of tokens is, and what it was made of.
struct TokenShardManifest: Codable, Equatable, Sendable {
    var format = TokenShardManifest.currentFormat
    /// SHA-256 of the tokenizer's files.
    var tokenizer: String
    var source: SourceManifest
    /// Bytes of a token in tokens.bin: 2, or 4 for vocabularies of more than 65,536.
    var tokenBytes: Int
    var vocabularySize: Int
    var tokens: Int
    var documents: Int
    /// Of the texts, in UTF-8.
    var textBytes: Int
    var brokenLines: Int
    /// By name: tokens.bin and documents.bin.
    var files: [String: FileSum]

    static let currentFormat = "danlu-tokens-1"

    /// The name of the shard's folder: another tokenizer, text or format is another shard.
    static func key(tokenizer: String, source: String) -> String {
        String(Files.sha256(Array("\(currentFormat)\n\(tokenizer)\n\(source)\n".utf8)).prefix(32))
    }
}
