import Foundation
import Inference
import Kernels
import Model
import Testing
import Weights

/// Speculation on real, tiny transformers: every token and every bit of the scores is as without it.
@Suite(.serialized) struct TransformerSpeculationTests {
    /// A model and its draft; time is simulated, so that proposals are made however quick the machine is.
    private struct Pair {
        let engine: Engine
        let vocabularySize: Int32

        init(_ name: String, draft: String?, _ change: (inout EngineOptions) -> Void = { _ in }) throws {
            let pool = try WorkerPool(threads: 2)
            let model = try Self.model(name, on: pool)
            var options = EngineOptions()
            options.contextTokens = 512
            options.cacheTokens = 4096
            options.prefillChunkTokens = 48
            options.niceness = 0
            // Simulated seconds are long.
            options.queueSecondsMax = .infinity
            change(&options)
            let size = model.configuration.vocabularySize
            let sizes = try EngineSizes(options, trainedContextTokens: 4096, vocabularySize: size)
            let clock = SimulatedClock()
            let runner = TransformerRunner(
                model, cache: try model.makeCache(tokens: sizes.cacheTokens, element: .f16), pool: pool,
                tokensMax: sizes.stepTokensMax, logitRowsMax: sizes.logitRowsMax)
            let drafting = try draft.map { name in
                let model = try Self.model(name, on: pool)
                return TimedRunner(
                    TransformerRunner(
                        model, cache: try model.makeCache(tokens: sizes.draftCacheTokens, element: .f16), pool: pool,
                        tokensMax: sizes.draftStepTokensMax, logitRowsMax: options.speculation.stepProposalsMax),
                    clock, stepSeconds: 0.1, tokenSeconds: 0.001)
            }
            engine = Engine(
                TimedRunner(runner, clock, stepSeconds: 1, tokenSeconds: 0.02), sizes, options, draft: drafting,
                now: clock.now)
            vocabularySize = Int32(size)
        }

        /// Random weights, by seed and size of the vocabulary, or one of the model tests' goldens.
        private static func model(_ name: String, on pool: WorkerPool) throws -> Transformer {
            if name.hasPrefix("random") {
                let shape = ModelConfiguration(
                    family: .qwen2, layers: 3, embeddingDim: 64, heads: 4, kvHeads: 2, headDim: 16, feedForwardDim: 96,
                    vocabularySize: name.hasSuffix("+") ? 320 : 300, contextTokens: 4096)
                return try Transformer(random: shape, seed: 7, on: pool)
            }
            let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            return try Transformer(
                ModelFiles.open(folder.appending(path: "ModelTests/Goldens/\(name)").path), on: pool)
        }
    }

    private func request(_ seed: UInt64, vocabularySize: Int32, isSampled: Bool) -> GenerationRequest {
        var random = RandomSource(seed: seed)
        let prompt = (0..<30 + Int(seed % 5) * 20).map { _ in Int32.random(in: 0..<vocabularySize, using: &random) }
        var request = GenerationRequest(prompt: prompt + prompt.prefix(15), maxTokens: 40, sampling: .greedy)
        if isSampled {
            request.sampling = SamplingParameters()
            request.sampling.temperature = 0.8
            request.sampling.minP = 0.02
            request.sampling.seed = seed
        }
        request.sampling.logprobs = 2
        return request
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var model: String
        var draft: String?
        var testDescription: String { "\(model), draft \(draft ?? "none")" }
    }

    static let cases = [
        Case(model: "random"), Case(model: "random", draft: "random"), Case(model: "random", draft: "random+"),
        Case(model: "random+", draft: "random"), Case(model: "qwen2.gguf"),
        Case(model: "qwen2.gguf", draft: "qwen2.gguf"), Case(model: "gemma3.gguf", draft: "gemma3.gguf"),
        Case(model: "qwen3_moe.gguf"), Case(model: "qwen3_moe.gguf", draft: "qwen3_moe.gguf"),
    ]

    @Test(arguments: cases, [false, true])
    func answersAreTheSameAloneAndInABatch(test: Case, isSampled: Bool) async throws {
        let with = try Pair(test.model, draft: test.draft) { $0.sequencesMax = 3 }
        let without = try Pair(test.model, draft: nil) { $0.speculation.mode = .off }
        let requests = (UInt64(1)...4).map { request($0, vocabularySize: with.vocabularySize, isSampled: isSampled) }
        var plain: [Answer] = []
        for request in requests { plain.append(await Answer(try without.engine.generate(request))) }
        let alone = await Answer(try with.engine.generate(requests[0]))
        #expect(alone.tokens == plain[0].tokens && alone.scores == plain[0].scores)
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            for (number, request) in requests.enumerated() {
                group.addTask { (number, await Answer(try with.engine.generate(request))) }
            }
            for try await (number, answer) in group {
                #expect(answer.tokens == plain[number].tokens, "request \(number)")
                #expect(answer.scores == plain[number].scores, "request \(number)")
            }
        }
        let statistics = with.engine.statistics
        // What other models say, and texts that do not repeat themselves, is seldom guessed.
        if test.draft == test.model {
            #expect(statistics.acceptedTokens > 20, "\(statistics.acceptedTokens) of \(statistics.proposedTokens)")
        }
        await with.engine.shutdown(drainSecondsMax: 1)
        await without.engine.shutdown(drainSecondsMax: 1)
    }
}
