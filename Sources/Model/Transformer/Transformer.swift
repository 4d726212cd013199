public import Kernels

/// A decoder-only transformer whose weights are packed for the kernels.
///
///     let model = try Transformer(files, on: pool)
///     let cache = try model.makeCache(tokens: 4096, element: .f16)
///     let workspace = Workspace(model, tokensMax: 512, logitRowsMax: 1)
///     let run = TokenRun(tokens: prompt, firstPosition: 0, pages: pages, wants: .lastLogits)
///     let logits = model.forward([run], cache: cache, workspace: workspace, on: pool).logits
public final class Transformer: Sendable {
    public let configuration: ModelConfiguration
    /// Numbers in all tensors; shared ones count once.
    public let parameterCount: Int
    /// The mix of types: the file's own name for it (`"Q4_K_M"`), or the type most bytes have.
    public let quantization: String
    /// Bytes of memory that the packed weights take.
    public let weightBytes: Int

    /// A model of random weights, where training starts; the same seed gives the same model.
    package init(random configuration: ModelConfiguration, seed: UInt64, on pool: WorkerPool) throws(ModelError) {
        preconditionFailure("not yet")
    }

    /// A cache for `tokens` positions in all.
    ///
    /// - Throws: `ModelError.kernels` when there is no memory for it.
    public func makeCache(tokens: Int, element: KVStorage.Element) throws(ModelError) -> KVStorage {
        preconditionFailure("not yet")
    }

    /// Bytes that one position takes in a cache.
    public func kvBytesPerToken(_ element: KVStorage.Element) -> Int {
        preconditionFailure("not yet")
    }

    /// One step: stores the runs' keys and values in the cache and computes what they want.
    ///
    /// A run's rows have the same bits alone, in any company, and in chunks of any size.
    ///
    /// - Precondition: the workspace is large enough, token ids are in the vocabulary, and pages cover the runs.
    public func forward(
        _ runs: [TokenRun], cache: KVStorage, workspace: Workspace, on pool: WorkerPool
    ) -> StepOutput {
        preconditionFailure("not yet")
    }
}
