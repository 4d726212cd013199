public import Kernels
public import Model

/// Generates tokens for many requests at once.
///
///     let engine = try Engine(model: model, pool: pool, options: EngineOptions())
///     for await event in try engine.generate(GenerationRequest(prompt: ids, maxTokens: 64)) {
///         if case .token(let id, _) = event { … }
///     }
public final class Engine: Sendable {
    /// Tokens of one sequence, prompt and answer together.
    public let contextTokens: Int

    /// - Throws: `EngineError.cannotStart` when memory for the cache is not to be had or an option is out of range.
    public init(
        model: Transformer, pool: WorkerPool, options: EngineOptions = EngineOptions()
    ) throws(EngineError) {
        contextTokens = 0
        throw .cannotStart("not written yet")
    }

    /// Puts a request into the queue. Ending the stream's iteration cancels it within one step.
    ///
    /// - Throws: `.overloaded`, `.draining`, `.promptTooLong`, `.invalid`.
    public func generate(_ request: GenerationRequest) throws(EngineError) -> AsyncStream<GenerationEvent> {
        throw .draining
    }

    /// The mean of each prompt's last hidden states, scaled to length 1. Runs through the same queue.
    ///
    /// - Throws: as `generate`, and `.failed`.
    public func embed(_ prompts: [[Int32]]) async throws(EngineError) -> [[Float]] { throw .draining }

    public var statistics: EngineStatistics { EngineStatistics() }

    /// Refuses new requests, waits for the accepted ones, and after `drainSecondsMax` cancels what is left.
    /// Returns when the engine's thread has ended. `.infinity` waits for all.
    public func shutdown(drainSecondsMax: Double) async {}
}
