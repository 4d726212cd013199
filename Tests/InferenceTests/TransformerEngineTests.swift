import Foundation
import Inference
import Kernels
import Model
import Testing
import Weights

/// The engine on real, tiny transformers: one of random weights, and some of the model tests' goldens.
@Suite(.serialized) struct TransformerEngineTests {
    static let models = ["random", "qwen2.gguf", "gemma3.gguf", "qwen3_moe.gguf"]

    private func model(_ name: String, on pool: WorkerPool) throws -> Transformer {
        if name == "random" {
            let shape = ModelConfiguration(
                family: .qwen2, layers: 3, embeddingDim: 64, heads: 4, kvHeads: 2, headDim: 16, feedForwardDim: 96,
                vocabularySize: 300, contextTokens: 4096)
            return try Transformer(random: shape, seed: 7, on: pool)
        }
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Transformer(
            ModelFiles.open(folder.appending(path: "ModelTests/Goldens/\(name)").path), on: pool)
    }

    private func engine(_ name: String, _ change: (inout EngineOptions) -> Void = { _ in }) throws -> (Engine, Int32) {
        let pool = try WorkerPool(threads: 2)
        let model = try model(name, on: pool)
        var options = EngineOptions()
        options.contextTokens = 512
        options.cacheTokens = 4096
        options.prefillChunkTokens = 48
        options.niceness = 0
        options.speculation.mode = .off
        change(&options)
        return (try Engine(model: model, pool: pool, options: options), Int32(model.configuration.vocabularySize))
    }

    private func text(_ seed: UInt64, _ count: Int, _ vocabulary: Int32) -> [Int32] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { _ in Int32.random(in: 0..<vocabulary, using: &random) }
    }

    private func request(_ prompt: [Int32], seed: UInt64?) -> GenerationRequest {
        var request = GenerationRequest(prompt: prompt, maxTokens: 40, sampling: .greedy)
        if let seed {
            request.sampling = SamplingParameters()
            request.sampling.seed = seed
        }
        request.sampling.logprobs = 2
        return request
    }

    /// Everything equal, to the last bit of the log-probabilities.
    private func expectEqual(_ one: Answer, _ other: Answer, _ what: String) {
        #expect(one.tokens == other.tokens, "\(what)")
        #expect(one.scores == other.scores, "\(what)")
        #expect(one.tokens.count == 40 && one.end == .length, "\(what)")
    }

    @Test(arguments: models, [nil, 3] as [UInt64?])
    func anAnswerIsTheSameAloneInABatchAndFromTheCache(name: String, seed: UInt64?) async throws {
        let (engine, vocabulary) = try engine(name)
        let prompt = text(1, 150, vocabulary)
        let alone = await Answer(try engine.generate(request(prompt, seed: seed)))
        #expect(alone.cachedTokens == 0)
        let warm = await Answer(try engine.generate(request(prompt, seed: seed)))
        #expect(warm.cachedTokens == 149)
        expectEqual(alone, warm, "\(name), cached")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for other in UInt64(0)..<8 {
                let prompt = text(10 + other, 20 + Int(other) * 30, vocabulary)
                group.addTask { _ = await Answer(try engine.generate(request(prompt, seed: other))) }
            }
            var cold = request(prompt, seed: seed)
            cold.owner = "another"
            let coldRequest = cold
            group.addTask {
                let inBatch = await Answer(try engine.generate(coldRequest))
                #expect(inBatch.cachedTokens == 0)
                expectEqual(alone, inBatch, "\(name), in a batch")
            }
            try await group.waitForAll()
        }
        await engine.shutdown(drainSecondsMax: 1)
    }

    @Test(arguments: models)
    func promptScoresAgreeWithTheAnswersScores(name: String) async throws {
        let (engine, vocabulary) = try engine(name) { $0.scoreBytesMax = 5 * 4 * Int($0.prefillChunkTokens) }
        let prompt = text(2, 60, vocabulary)
        let answer = await Answer(try engine.generate(request(prompt, seed: nil)))
        var scored = GenerationRequest(prompt: prompt + answer.tokens, maxTokens: 0)
        scored.promptLogprobs = true
        scored.sampling.logprobs = 2
        let again = await Answer(try engine.generate(scored))
        #expect(Array(again.promptScores.dropFirst(60)) == answer.scores)
        await engine.shutdown(drainSecondsMax: 1)
    }

    @Test func aConversationReusesItsPast() async throws {
        let (engine, vocabulary) = try engine("random")
        let prompt = text(3, 77, vocabulary)
        let first = await Answer(try engine.generate(request(prompt, seed: nil)))
        let next = prompt + first.tokens + text(4, 9, vocabulary)
        let second = await Answer(try engine.generate(request(next, seed: nil)))
        #expect(second.cachedTokens == prompt.count + 39)
        var cold = request(next, seed: nil)
        cold.owner = "another"
        expectEqual(second, await Answer(try engine.generate(cold)), "the second turn")
        await engine.shutdown(drainSecondsMax: 1)
    }

    @Test func embeddingsDoNotDependOnCompany() async throws {
        let (engine, vocabulary) = try engine("random")
        let prompts = (0..<12).map { text(UInt64($0), 1 + $0 * 13, vocabulary) }
        let together = try await engine.embed(prompts)
        for (prompt, vector) in zip(prompts, together) {
            #expect(try await engine.embed([prompt]) == [vector])
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
        await engine.shutdown(drainSecondsMax: 1)
    }
}
