import Foundation

/// What a model's folder says of itself, in `manifest.json`.
public struct Manifest: Codable, Sendable, Equatable {
    public struct File: Codable, Sendable, Equatable {
        public var name: String
        public var size: Int
        public var sha256: String

        public init(name: String, size: Int, sha256: String) {
            (self.name, self.size, self.sha256) = (name, size, sha256)
        }
    }

    public static let fileName = "manifest.json"
    public var name: String
    public var source: String
    public var licence: String
    public var quantisation: String
    /// ISO 8601, UTC.
    public var date: String
    public var files: [File]

    public var bytes: Int { files.reduce(0) { $0 + $1.size } }

    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
