import Foundation

/// One file to fetch and what is known of it beforehand.
struct RemoteFile: Sendable {
    var url: URL
    var fields: [String: String] = [:]
    var size: Int?
    var sha256: String?
    /// Its path inside the model's folder, or a wheel's file name.
    var name: String
    var isGGUF: Bool { name.lowercased().hasSuffix(".gguf") }
    /// What must be equal for a partial file to be continued.
    var identity: String { sha256 ?? HTTPClient.withoutSecrets(url) }
}
