import Foundation
import Inference
import Kernels
import Model
import Synchronization
import Training

/// Answers of the model that is being trained, by the engine that serves: its weights are the trainer's, in memory.
///
///     let engine = try RolloutEngine(network, base: base, stopTokens: ends, contextTokens: 512, on: pool)
///     engine.parametersChanged()                              // after each optimiser step
///     let answers = try engine.answers(to: requests, unless: stop)
///
/// Where all weights are trained, they are packed anew from the network's parameters; beside a frozen base only the
/// adapter's matrices are, and the base, loaded from its file once, stays as it is served: quantised.
///
/// The same weights and requests give the same tokens and log-probabilities, bit for bit, whatever the time they take:
/// the forward pass computes a row with the same bits in any company and in chunks of any size, every request has a
/// random source of its own, and no request is refused or put off for good. A run that is killed and goes on samples
/// the same answers. Uses the trainer's pool: one computes while the other waits. Not thread-safe.
package final class RolloutEngine {
    private let network: Network
    private let base: Transformer?
    private let stopTokens: Set<Int32>
    private let contextTokens: Int
    private let pool: WorkerPool
    private var serving: Serving?
    private var isStale = true

    /// An engine, and what its requests ask for.
    private struct Serving {
        var engine: Engine
        var adapters: [AdapterUse]
    }

    /// How often somebody looks whether to stop.
    private static let patienceMilliseconds = 20

    /// - Parameters:
    ///   - base: of a network that trains an adapter.
    ///   - stopTokens: tokens at which serving ends an answer.
    ///   - contextTokens: of a prompt and its answer together.
    package init(
        _ network: Network, base: BaseReference?, stopTokens: Set<Int32>, contextTokens: Int, on pool: WorkerPool
    ) throws(TrainingError) {
        self.network = network
        self.stopTokens = stopTokens
        self.contextTokens = contextTokens
        self.pool = pool
        self.base = network.adapter == nil ? nil : try base?.transformer(on: pool)
        precondition(network.adapter == nil || self.base != nil, "an adapter has a base")
    }

    /// To be called when the network's parameters are others: they are taken over by the next answers.
    package func parametersChanged() { isStale = true }

    /// An answer to each request, in their order; nil when a request to stop came.
    ///
    /// - Throws: `TuningError.rollout` when the engine fails, as it does with weights that are no numbers.
    package func answers(
        to requests: [RolloutRequest], unless stop: StopRequest
    ) throws(TuningError) -> [Rollout]? {
        guard !requests.isEmpty else { return [] }
        let serving = try refreshed(requests: requests.count)
        var streams: [(stream: AsyncStream<GenerationEvent>, tokensMax: Int)] = []
        do {
            for request in requests {
                let stream = try serving.engine.generate(generation(request, serving.adapters))
                streams.append((stream, request.tokensMax))
            }
        } catch {
            throw .rollout(reason: "\(error)")
        }
        let answers = Answers(count: requests.count)
        let isDone = DispatchSemaphore(value: 0)
        Task.detached { [streams] in
            await withTaskGroup(of: Void.self) { group in
                for (place, item) in streams.enumerated() {
                    group.addTask { await answers.collect(item.stream, at: place) }
                }
            }
            isDone.signal()
        }
        while isDone.wait(timeout: .now() + .milliseconds(Self.patienceMilliseconds)) == .timedOut {
            guard stop.isStopping else { continue }
            // The trainer may use its threads only when the engine's last step has ended.
            end(serving.engine)
            isDone.wait()
            return nil
        }
        return try answers.whole()
    }

    /// Ends the engine and lets its memory go; the next answers make another.
    private func end(_ engine: Engine) {
        let isEnded = DispatchSemaphore(value: 0)
        Task.detached {
            await engine.shutdown(drainSecondsMax: 0)
            isEnded.signal()
        }
        isEnded.wait()
        serving = nil
        isStale = true
    }

    private func generation(_ request: RolloutRequest, _ adapters: [AdapterUse]) -> GenerationRequest {
        var sampling = SamplingParameters()
        sampling.temperature = request.temperature
        sampling.seed = request.seed
        sampling.logprobs = 0
        var generation = GenerationRequest(
            prompt: request.prompt, maxTokens: request.tokensMax, sampling: sampling, stopTokens: stopTokens,
            adapters: adapters)
        generation.reportsStopToken = true
        return generation
    }

    private func refreshed(requests: Int) throws(TuningError) -> Serving {
        if let serving, !isStale { return serving }
        do {
            if let base {
                let uses = [AdapterUse(try network.servedAdapter(for: base))]
                let engine = try serving?.engine ?? Engine(model: base, pool: pool, options: options)
                serving = Serving(engine: engine, adapters: uses)
            } else {
                // Before the new weights are made: there is room for one copy.
                if let engine = serving?.engine { end(engine) }
                let model = try network.transformer()
                serving = Serving(engine: try Engine(model: model, pool: pool, options: options), adapters: [])
            }
        } catch {
            throw .rollout(reason: "\(error)")
        }
        isStale = false
        guard let serving else { throw .rollout(reason: "there is no engine") }
        return serving
    }

    private var options: EngineOptions {
        var options = EngineOptions()
        options.contextTokens = contextTokens
        options.sequencesMax = ObjectiveSettings.answersAtOnce
        options.cacheTokens = ObjectiveSettings.answersAtOnce * (contextTokens + KVStorage.pageTokens)
        options.cacheElement = network.precision == .fp32 ? .f32 : .f16
        // Nobody waits in vain, and nothing depends on how long it takes.
        options.queueMax = Self.queueMax
        options.queueSecondsMax = .infinity
        options.speculation.mode = .off
        return options
    }

    private static let queueMax = 1_000_000
}

/// Where the engine's streams are collected.
private final class Answers: Sendable {
    private let results: Mutex<[Result<Rollout, TuningError>?]>

    init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }

    func collect(_ stream: AsyncStream<GenerationEvent>, at place: Int) async {
        var rollout = Rollout(tokens: [], logProbabilities: [], isTruncated: false)
        var end: FinishReason?
        for await event in stream {
            switch event {
            case .started, .promptScores: break
            case .token(let token, let score):
                rollout.tokens.append(token)
                rollout.logProbabilities.append(score?.logProbability ?? .nan)
            case .finished(let reason): end = reason
            }
        }
        let result: Result<Rollout, TuningError>
        switch end {
        case .stop: result = .success(rollout)
        case .length:
            rollout.isTruncated = true
            result = .success(rollout)
        case .failed(let reason): result = .failure(.rollout(reason: reason))
        case .cancelled, .overloaded, nil: result = .failure(.rollout(reason: "an answer was given up"))
        }
        results.withLock { $0[place] = result }
    }

    func whole() throws(TuningError) -> [Rollout] {
        var rollouts: [Rollout] = []
        for result in results.withLock({ $0 }) {
            guard let result else { throw .rollout(reason: "an answer is missing") }
            rollouts.append(try result.get())
        }
        return rollouts
    }
}
