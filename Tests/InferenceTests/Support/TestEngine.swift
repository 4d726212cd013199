import Foundation
import Inference

/// An engine over a reciting runner.
struct TestEngine {
    let engine: Engine
    let runner: RecitingRunner

    init(
        contextTokens: Int = 256, cacheTokens: Int = 1024, gate: DispatchSemaphore? = nil, poison: Int32? = nil,
        _ change: (inout EngineOptions) -> Void = { _ in }, now: @escaping @Sendable () -> Double = Engine.clock()
    ) throws {
        var options = EngineOptions()
        options.contextTokens = contextTokens
        options.cacheTokens = cacheTokens
        options.niceness = 0
        options.speculation.mode = .off
        change(&options)
        let sizes = try EngineSizes(options, trainedContextTokens: contextTokens, vocabularySize: 40)
        runner = RecitingRunner(pages: ScheduledSequence.pages(sizes.cacheTokens), gate: gate, poison: poison)
        engine = Engine(runner, sizes, options, now: now, randomSeed: { 1 })
    }

    /// All tokens of an answer, and how it ended.
    func answer(
        _ prompt: [Int32], tokens: Int, owner: String = "", _ change: (inout GenerationRequest) -> Void = { _ in }
    ) async throws -> Answer {
        var request = GenerationRequest(prompt: prompt, maxTokens: tokens, sampling: .greedy, owner: owner)
        change(&request)
        return await Answer(try engine.generate(request))
    }

    /// Waits until the engine says so; gives up after some seconds.
    func wait(until condition: (EngineStatistics) -> Bool) async throws {
        for _ in 0..<2000 where !condition(engine.statistics) { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// The events of one stream, put together.
struct Answer {
    var tokens: [Int32] = []
    var scores: [TokenScore] = []
    var promptScores: [TokenScore] = []
    var promptTokens: Int?
    var cachedTokens: Int?
    var end: FinishReason?

    init(_ events: AsyncStream<GenerationEvent>) async {
        for await event in events {
            switch event {
            case .started(let prompt, let cached): (promptTokens, cachedTokens) = (prompt, cached)
            case .promptScores(let scores): promptScores += scores
            case .token(let token, let score):
                tokens.append(token)
                if let score { scores.append(score) }
            case .finished(let reason): end = reason
            }
        }
    }
}
