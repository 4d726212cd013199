import Foundation

/// A model that lies on this machine.
public struct InstalledModel: Sendable {
    public let name: String
    /// The `.gguf` file (the first shard of several) or the folder of a Hugging Face model.
    public let path: URL
    public let folder: URL
    public let manifest: Manifest
    /// Bytes on disk.
    public var bytes: Int { manifest.bytes }
}
