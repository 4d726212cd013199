public import Kernels
public import Model

/// Generates tokens for many requests at once.
///
///     let engine = try Engine(model: model, pool: pool, options: EngineOptions())
///     for await event in try engine.generate(GenerationRequest(prompt: ids, maxTokens: 64)) {
///         if case .token(let id, _) = event { … }
///     }
///
/// One thread computes, step by step, with the pool's help; the pool is the engine's as long as it lives. Calls never
/// block. Ending a stream's iteration, or dropping the stream, cancels its request: one that waits is gone at once,
/// one that runs is not in the next step. Dropping the engine cancels everything.
public final class Engine: Sendable {
    private let core: EngineCore
    private let embeddingsMax: Int

    /// - Parameter draft: a quicker model of the same vocabulary, whose guesses the model checks
    ///   (`SpeculationOptions`). Its ids must mean the same tokens; it may have fewer or more rows of padding.
    /// - Throws: `EngineError.cannotStart` when memory for the cache is not to be had or an option is out of range.
    public convenience init(
        model: Transformer, pool: WorkerPool, options: EngineOptions = EngineOptions(), draft: Transformer? = nil
    ) throws(EngineError) {
        let trained = model.configuration.contextTokens
        let sizes = try EngineSizes(
            options, trainedContextTokens: trained, vocabularySize: model.configuration.vocabularySize)
        let cache = try Self.cache(of: model, tokens: sizes.cacheTokens, options)
        let runner = TransformerRunner(
            model, cache: cache, pool: pool, tokensMax: sizes.stepTokensMax, logitRowsMax: sizes.logitRowsMax)
        var draftRunner: TransformerRunner?
        if let draft, options.speculation.mode == .auto {
            let cache = try Self.cache(of: draft, tokens: sizes.draftCacheTokens, options)
            draftRunner = TransformerRunner(
                draft, cache: cache, pool: pool, tokensMax: sizes.draftStepTokensMax,
                logitRowsMax: options.speculation.stepProposalsMax)
        }
        self.init(runner, sizes, options, draft: draftRunner)
    }

    private static func cache(
        of model: Transformer, tokens: Int, _ options: EngineOptions
    ) throws(EngineError) -> KVStorage {
        do {
            return try model.makeCache(tokens: tokens, element: options.cacheElement)
        } catch {
            throw .cannotStart("\(error)")
        }
    }

    /// - Parameters:
    ///   - now: seconds since some moment, never going back.
    ///   - randomSeed: seeds of requests that have none.
    package init(
        _ runner: any StepRunner, _ sizes: EngineSizes, _ options: EngineOptions, draft: (any StepRunner)? = nil,
        now: @escaping @Sendable () -> Double = Engine.clock(),
        randomSeed: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    ) {
        core = EngineCore(
            sizes.limits(options), options.speculation, contextTokens: sizes.contextTokens,
            vocabularySize: runner.vocabularySize, now: now, randomSeed: randomSeed)
        embeddingsMax = options.embeddingsMax
        let draft = draft.map { DraftModel($0, pages: ScheduledSequence.pages(sizes.draftCacheTokens)) }
        EngineThread.start(core, runner, draft: draft, niceness: options.niceness)
    }

    deinit { core.drain(secondsMax: 0) }

    /// Seconds since the call.
    package static func clock() -> @Sendable () -> Double {
        let start = ContinuousClock.now
        return { (ContinuousClock.now - start) / .seconds(1) }
    }

    /// Tokens of one sequence, prompt and answer together.
    public var contextTokens: Int { core.contextTokens }

    public var statistics: EngineStatistics { core.statistics }

    public var queue: QueueState { core.queue }

    /// Puts a request into the queue.
    ///
    /// - Throws: `.overloaded`, `.draining`, `.promptTooLong`, `.invalid`.
    public func generate(_ request: GenerationRequest) throws(EngineError) -> AsyncStream<GenerationEvent> {
        try core.generate(request)
    }

    /// Prompts of one call that are in the engine at once: enough to fill steps, few enough to let others in between.
    private static let embeddingsAtOnceMax = 8

    /// The mean of each prompt's last hidden states, scaled to length 1, in the prompts' order. Runs through the same
    /// queue, in which the call has the place of one request.
    ///
    /// - Throws: as `generate`; `.failed` when the model computes something that is no number; `.cancelled`.
    public func embed(
        _ prompts: [[Int32]], owner: String = "", adapters: [AdapterUse] = []
    ) async throws(EngineError) -> [[Float]] {
        guard prompts.count <= embeddingsMax else {
            throw .invalid(field: "input", reason: "\(prompts.count) texts, at most \(embeddingsMax) are taken at once")
        }
        for prompt in prompts { try core.check(prompt, limit: contextTokens, field: "input") }
        try core.check(adapters)
        core.beginCall()
        defer { core.endCall() }
        var streams: [AsyncStream<Result<[Float], EngineError>>] = []
        var vectors: [[Float]] = []
        while vectors.count < prompts.count {
            while streams.count < min(prompts.count, vectors.count + Self.embeddingsAtOnceMax) {
                streams.append(
                    try core.embed(
                        prompts[streams.count], owner: owner, adapters: adapters, isContinuation: !streams.isEmpty))
            }
            var result: Result<[Float], EngineError>?
            for await element in streams[vectors.count] { result = element }
            guard let result else { throw .cancelled }
            vectors.append(try result.get())
        }
        return vectors
    }

    /// Refuses new requests, waits for the accepted ones, and after `drainSecondsMax` cancels what is left.
    /// Returns when the engine's thread has ended. `.infinity` waits for all.
    public func shutdown(drainSecondsMax: Double) async {
        core.drain(secondsMax: drainSecondsMax)
        await core.waitForEnd()
    }
}
