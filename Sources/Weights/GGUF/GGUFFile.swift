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
        let context = Self.context(path)
        let bytes = try context.map()
        var parser = GGUFParser(bytes, context, limits)
        self.init([try parser.parse()], paths: [path], byteCount: bytes.count)
    }

    /// A file that is in memory; one of a split model is refused. For fuzzing and tests.
    ///
    /// - Parameter name: what errors call the file.
    package convenience init(
        bytes: ByteView, name: String, limits: WeightsLimits = WeightsLimits()
    ) throws(WeightsError) {
        var parser = GGUFParser(bytes, Self.context(name), limits)
        self.init([try parser.parse()], paths: [name], byteCount: bytes.count)
    }

    /// - Precondition: at least one shard, as many paths, no tensor in two shards.
    private init(_ shards: [GGUFParser.Parts], paths: [String], byteCount: Int) {
        version = shards[0].version
        metadata = shards[0].metadata
        self.paths = paths
        self.byteCount = byteCount
        tensors = shards.flatMap(\.tensors)
        places = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    }

    public func tensor(_ name: String) -> TensorInfo? { places[name].map { tensors[$0] } }

    static func context(_ path: String) -> FileContext { FileContext(operation: "read the GGUF file", file: path) }
}
