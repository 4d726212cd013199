import Kernels

/// A model in GGUF format, mapped into memory and checked.
///
///     let file = try GGUFFile(path: "model-00001-of-00003.gguf")   // opens all three
///     file.metadata.string("general.architecture")
///     file.tensor("output.weight")?.shape
///
/// Versions 2 and 3, little-endian. When a file has been opened, every tensor lies within it, has the size its shape
/// asks for, and shares no byte with another; names and keys occur once. What a model needs beyond that is checked by
/// who reads it.
public final class GGUFFile: Sendable {
    /// The format's version, of the first shard.
    public let version: UInt32
    /// Of the first shard: the others only repeat their place in the split.
    public let metadata: Metadata
    /// The shards in order, or the one file.
    public let paths: [String]
    /// The size of all files together.
    public let byteCount: Int
    /// In file order, shards one after another.
    public let tensors: [TensorInfo]
    private let places: [String: Int]

    /// Opens the file and, when it is one of a split model, all the others beside it.
    ///
    /// - Throws: `WeightsError` when a file cannot be opened, is damaged, missing, or of an unsupported kind.
    public convenience init(path: String, limits: WeightsLimits = WeightsLimits()) throws(WeightsError) {
        self.init(try GGUFShards(path: path, limits: limits))
    }

    /// A file that is in memory; one of a split model is refused. For fuzzing and tests.
    ///
    /// - Parameter name: what errors call the file.
    package convenience init(
        bytes: ByteView, name: String, limits: WeightsLimits = WeightsLimits()
    ) throws(WeightsError) {
        self.init(try GGUFShards(bytes: bytes, name: name, limits: limits))
    }

    private init(_ shards: GGUFShards) {
        version = shards.first.version
        metadata = shards.first.metadata
        paths = shards.paths
        byteCount = shards.byteCount
        tensors = shards.tensors
        places = shards.places
    }

    public func tensor(_ name: String) -> TensorInfo? { places[name].map { tensors[$0] } }
}
