import Kernels
import Synchronization
import Weights

/// A LoRA adapter: small matrices that change a model's answers while its weights stay as they are.
///
///     let adapter = try Adapter(AdapterFiles.open("style-adapter"), for: model)
///     let run = TokenRun(tokens: prompt, firstPosition: 0, pages: pages, wants: .lastLogits,
///                        adapters: [AdapterUse(adapter, scale: 0.8)])
///
/// For a matrix W that it adapts, y = x Wᵀ becomes y = x Wᵀ + scale * (alpha / rank) * (x Aᵀ) Bᵀ. Immutable: whoever
/// runs it keeps it alive, and several can be in one step.
public final class Adapter: Sendable {
    /// A number that no other adapter of this process has, before or after.
    public let id: UInt64
    /// The largest rank of its matrices.
    public let rank: Int
    /// Numbers in all A's and B's.
    public let parameterCount: Int
    /// Bytes of memory that they take.
    public let weightBytes: Int
    /// The shape of the model that it was checked against.
    public let configuration: ModelConfiguration
    let layers: [AdapterLayer]

    /// Checks that every tensor has its place in the model, in the right shape and of finite numbers, and packs them.
    ///
    /// Where the model's own matrix is F32 the adapter's numbers are kept as they are; elsewhere they are rounded to
    /// F16, whose error is far below that of the model's own types.
    ///
    /// - Throws: `ModelError` for what is missing, contradictory or not supported; out of memory.
    public convenience init(_ files: AdapterFiles, for model: Transformer) throws(ModelError) {
        try self.init(files, for: model, as: nil)
    }

    /// - Parameter type: how numbers are kept, F32 or F16; nil lets the model's decide.
    package init(_ files: AdapterFiles, for model: Transformer, as type: ElementType?) throws(ModelError) {
        var loader = try AdapterLoader(files, model, as: type)
        layers = try loader.layers()
        try loader.finish()
        (rank, parameterCount, weightBytes) = (loader.rank, loader.parameterCount, loader.weightBytes)
        configuration = model.configuration
        id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    }

    private static let lastID = Atomic<UInt64>(0)
}
