import Foundation
import Inference
import Kernels
import Model
import Testing
import Weights

/// Requests with LoRA adapters beside requests without, on the model tests' goldens.
@Suite(.serialized) struct AdapterEngineTests {
    private let engine: Engine
    private let model: Transformer
    private let adapters: [Adapter]

    init() throws {
        let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ModelTests/Goldens")
        let pool = try WorkerPool(threads: 2)
        model = try Transformer(ModelFiles.open(goldens.appending(path: "qwen2").path), on: pool)
        adapters = try ["qwen2-all", "qwen2-attention"].map { [model] name in
            try Adapter(AdapterFiles.open(goldens.appending(path: "adapters/\(name)").path), for: model)
        }
        var options = EngineOptions()
        options.contextTokens = 256
        options.cacheTokens = 4096
        options.prefillChunkTokens = 48
        options.niceness = 0
        engine = try Engine(model: model, pool: pool, options: options)
    }

    private func request(_ uses: [AdapterUse], owner: String = "", prompt: [Int32]? = nil) -> GenerationRequest {
        var request = GenerationRequest(
            prompt: prompt ?? (0..<100).map { Int32($0 * 7 % 131) }, maxTokens: 24, sampling: .greedy, owner: owner)
        request.sampling.logprobs = 1
        request.adapters = uses
        return request
    }

    private func answer(_ request: GenerationRequest) async throws -> Answer {
        await Answer(try engine.generate(request))
    }

    private var choices: [[AdapterUse]] {
        let (one, other) = (adapters[0], adapters[1])
        return [
            [], [AdapterUse(one)], [AdapterUse(one, scale: 0.5)], [AdapterUse(other)],
            [AdapterUse(one), AdapterUse(other, scale: -1)],
        ]
    }

    /// The same tokens under another adapter, or at another scale, have other keys and values.
    @Test func prefixesAreSharedByTheSameAdapterOnly() async throws {
        var first: [Answer] = []
        for uses in choices {
            let answer = try await answer(request(uses))
            #expect(answer.cachedTokens == 0 && answer.tokens.count == 24)
            first.append(answer)
        }
        #expect(Set(first.map(\.scores.description)).count == choices.count)
        for (uses, before) in zip(choices, first) {
            let again = try await answer(request(uses))
            #expect(again.cachedTokens == 99)
            #expect(again.tokens == before.tokens && again.scores == before.scores)
            // And of one owner only, as ever.
            #expect(try await answer(request(uses, owner: "another")).cachedTokens == 0)
        }
        await engine.shutdown(drainSecondsMax: 1)
    }

    @Test func answersAreTheSameInCompany() async throws {
        let alone = try await choices.asyncMap { try await answer(request($0, owner: "alone")) }
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            for round in 0..<3 {
                for (place, uses) in choices.enumerated() {
                    let request = request(uses, owner: "owner \(round)")
                    group.addTask { (place, try await answer(request)) }
                }
            }
            for try await (place, answer) in group {
                #expect(answer.tokens == alone[place].tokens && answer.scores == alone[place].scores)
            }
        }
        await engine.shutdown(drainSecondsMax: 1)
    }

    /// An adapter that its owner lets go of lives until its last request has ended.
    @Test func runningRequestsKeepTheirAdapter() async throws {
        let before = try await answer(request([AdapterUse(adapters[0])]))
        let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ModelTests/Goldens/adapters/qwen2-all")
        var own: Adapter? = try Adapter(AdapterFiles.open(goldens.path), for: model)
        weak let watched = own
        let streams = try (0..<4).map { place in
            try engine.generate(request(own.map { [AdapterUse($0)] } ?? [], owner: "\(place)"))
        }
        own = nil
        #expect(watched != nil)
        for stream in streams {
            let answer = await Answer(stream)
            #expect(answer.tokens == before.tokens && answer.scores == before.scores)
        }
        await engine.shutdown(drainSecondsMax: 1)
        #expect(watched == nil)
    }

    @Test func embeddingsHaveThemToo() async throws {
        let plain = try await engine.embed([[1, 2, 3]])
        let adapted = try await engine.embed([[1, 2, 3], [1, 2, 3]], adapters: [AdapterUse(adapters[0])])
        #expect(plain[0] != adapted[0] && adapted[0] == adapted[1])
        await engine.shutdown(drainSecondsMax: 1)
    }

    @Test func oddScalesAreRefused() async throws {
        for scale in [Float.nan, .infinity, 101, -1e30] {
            let uses = [AdapterUse(adapters[0], scale: scale)]
            #expect(throws: EngineError.self) { try engine.generate(request(uses)) }
            await #expect(throws: EngineError.self) { try await engine.embed([[1]], adapters: uses) }
        }
        let many = Array(repeating: AdapterUse(adapters[0], scale: 0.1), count: 9)
        #expect(throws: EngineError.self) { try engine.generate(request(many)) }
        await engine.shutdown(drainSecondsMax: 1)
    }
}

extension Sequence where Self: Sendable {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
