import Foundation
import Model
import Synchronization

/// What the engine's thread and its callers share: the queue and the requests, behind a lock that nobody holds while
/// the model computes.
final class EngineCore: Sendable {
    let contextTokens: Int
    let vocabularySize: Int
    private let state: Mutex<EngineState>
    /// Signalled when there may be something to do.
    private let wake = DispatchSemaphore(value: 0)
    /// Seconds since some moment, never going back.
    private let now: @Sendable () -> Double
    private let speculation: SpeculationOptions
    private let randomSeed: @Sendable () -> UInt64

    init(
        _ limits: SchedulerLimits, _ speculation: SpeculationOptions, contextTokens: Int, vocabularySize: Int,
        now: @escaping @Sendable () -> Double, randomSeed: @escaping @Sendable () -> UInt64
    ) {
        self.speculation = speculation
        self.contextTokens = contextTokens
        self.vocabularySize = vocabularySize
        self.now = now
        self.randomSeed = randomSeed
        state = Mutex(EngineState(limits))
    }

    // MARK: The callers' side

    func generate(_ request: GenerationRequest) throws(EngineError) -> AsyncStream<GenerationEvent> {
        let limit = contextTokens - (request.maxTokens > 0 ? 1 : 0)
        try check(request.prompt, limit: limit, field: "prompt")
        guard request.maxTokens >= 0 else {
            throw .invalid(field: "max_tokens", reason: "\(request.maxTokens) is below 0")
        }
        guard GenerationRequest.priorities.contains(request.priority) else {
            throw .invalid(
                field: "priority", reason: "\(request.priority) is outside \(GenerationRequest.priorities)")
        }
        try request.sampling.validate(vocabularySize: vocabularySize)
        try check(request.adapters)
        let (stream, continuation) = AsyncStream.makeStream(of: GenerationEvent.self)
        let id = try submit(request, purpose: request.promptLogprobs ? .scoring : .generation, .events(continuation))
        continuation.onTermination = { [weak self] reason in
            if case .cancelled = reason { self?.cancel(id) }
        }
        return stream
    }

    /// One prompt of an `embed` call.
    ///
    /// - Parameter isContinuation: an earlier prompt of the call was accepted.
    func embed(
        _ prompt: [Int32], owner: String, adapters: [AdapterUse], isContinuation: Bool
    ) throws(EngineError) -> AsyncStream<Result<[Float], EngineError>> {
        let (stream, continuation) = AsyncStream.makeStream(of: Result<[Float], EngineError>.self)
        let request = GenerationRequest(prompt: prompt, maxTokens: 0, owner: owner, adapters: adapters)
        let id = try submit(request, purpose: .embedding, .embedding(continuation), isContinuation: isContinuation)
        continuation.onTermination = { [weak self] reason in
            if case .cancelled = reason { self?.cancel(id) }
        }
        return stream
    }

    func check(_ prompt: [Int32], limit: Int, field: String) throws(EngineError) {
        guard !prompt.isEmpty else { throw .invalid(field: field, reason: "there are no tokens") }
        guard prompt.count <= limit else { throw .promptTooLong(tokens: prompt.count, limit: limit) }
        if let token = prompt.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
            throw .invalid(field: field, reason: "token \(token) is outside the vocabulary of \(vocabularySize)")
        }
    }

    func check(_ adapters: [AdapterUse]) throws(EngineError) {
        guard adapters.count <= Self.adaptersMax else {
            throw .invalid(
                field: "lora", reason: "\(adapters.count) adapters, at most \(Self.adaptersMax) work together")
        }
        for use in adapters where !(abs(use.scale) <= Self.adapterScaleMax) {
            throw .invalid(
                field: "lora", reason: "the scale \(use.scale) is outside ±\(Int(Self.adapterScaleMax))")
        }
    }

    /// Adapters of one request.
    private static let adaptersMax = 8
    /// Scales above it give no answers, only numbers too large.
    private static let adapterScaleMax: Float = 100

    private func submit(
        _ request: GenerationRequest, purpose: ScheduledSequence.Purpose, _ sink: ActiveRequest.Sink,
        isContinuation: Bool = false
    ) throws(EngineError) -> SequenceID {
        let time = now()
        let seed = request.sampling.seed ?? randomSeed()
        let tokensMax = min(request.maxTokens, contextTokens - request.prompt.count)
        let result = state.withLock { state in
            Result { () throws(EngineError) in
                try state.accept(purpose, isContinuation: isContinuation) { id in
                    ActiveRequest(id: id, request, tokensMax: tokensMax, seed: seed, submittedAt: time, sink: sink)
                }
            }
        }
        wake.signal()
        return try result.get()
    }

    /// Takes a request out at once; a step that is under way finishes without it.
    func cancel(_ id: SequenceID) {
        let request = state.withLock { $0.end(id, .cancelled) }
        request?.finish(.cancelled)
        wake.signal()
    }

    /// A call of several requests is under way: draining waits for it.
    func beginCall() { state.withLock { $0.openCalls += 1 } }

    func endCall() {
        state.withLock { $0.openCalls -= 1 }
        wake.signal()
    }

    var statistics: EngineStatistics { state.withLock { $0.snapshot } }

    var queue: QueueState { state.withLock { $0.queue } }

    /// No new requests; those that are not done after so many seconds are cancelled. Does not wait.
    func drain(secondsMax: Double) {
        let deadline = now() + max(0, secondsMax.isNaN ? 0 : secondsMax)
        state.withLock { $0.drain(until: deadline) }
        wake.signal()
    }

    /// Returns when the engine's thread has nothing more to do.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: The engine's thread

    /// Computes until the engine is shut down.
    func work(with runner: any StepRunner, draft: DraftModel?) {
        let speculator = Speculator(speculation, vocabularySize: vocabularySize, draft: draft, now: now)
        let scratch = (0..<runner.workers).map { _ in SamplingScratch(vocabularySize: vocabularySize) }
        while true {
            let time = now()
            var (step, requests, endings, isOver) = state.withLock { state in
                let endings = state.endLate(now: time)
                let (step, requests) = state.plan()
                return (step, requests, endings, state.endIfOver())
            }
            for (request, reason) in endings { request.finish(reason) }
            speculator.forgetEnded(requests)
            if isOver { break }
            for (request, events) in Self.starts(step, requests) { request.report(events) }
            guard !step.runs.isEmpty else {
                wake.wait()
                continue
            }
            let proposals = speculator.propose(step, requests)
            if !proposals.isEmpty { step = state.withLock { $0.propose(proposals, in: step) } }
            let started = now()
            let outcomes = compute(step, requests, runner, scratch)
            let ended = now()
            speculator.learn(step, outcomes, seconds: ended - started)
            let draftUsage = speculator.draftUsage
            let reports = state.withLock { state in
                state.draft = draftUsage
                return state.commit(step, outcomes, from: time, to: ended)
            }
            for (request, outcome) in reports { request.report(outcome) }
        }
        let waiters = state.withLock { $0.takeWaiters() }
        for waiter in waiters { waiter.resume() }
    }

    private static func starts(
        _ step: Step, _ requests: [SequenceID: ActiveRequest]
    ) -> [(ActiveRequest, [GenerationEvent])] {
        step.starts.compactMap { start in
            guard let request = requests[start.sequence] else { return nil }
            var events: [GenerationEvent] = [
                .started(promptTokens: start.promptTokens, cachedTokens: start.cachedTokens)
            ]
            if request.request.promptLogprobs {
                events.append(.promptScores([TokenScore(id: request.request.prompt[0], logProbability: nil)]))
            }
            return (request, events)
        }
    }
}
