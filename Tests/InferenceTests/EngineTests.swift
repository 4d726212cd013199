import Foundation
import Inference
import Testing

@Suite struct EngineTests {
    @Test func answersGreedily() async throws {
        let test = try TestEngine()
        let prompt: [Int32] = [1, 2, 3]
        let answer = try await test.answer(prompt, tokens: 50)
        #expect(answer.tokens == test.runner.answer(to: prompt, tokens: 50))
        #expect(answer.end == .length)
        #expect(answer.promptTokens == 3 && answer.cachedTokens == 0)
    }

    @Test func manyAtOnceAnswerAsOneAlone() async throws {
        let test = try TestEngine(cacheTokens: 512) { $0.sequencesMax = 6 }
        var prompts = Prompts(seed: 5, tokensMax: 200, vocabularySize: 40)
        let all = (0..<40).map { _ in prompts.next() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, prompt) in all.enumerated() {
                group.addTask {
                    let answer = try await test.answer(prompt, tokens: 40, owner: number % 3 == 0 ? "b" : "a")
                    let wanted = test.runner.answer(to: prompt, tokens: min(40, 256 - prompt.count))
                    #expect(answer.tokens == wanted, "prompt \(number)")
                }
            }
            try await group.waitForAll()
        }
        let statistics = test.engine.statistics
        #expect(statistics.finishedByLength == 40 && statistics.running == 0 && statistics.waiting == 0)
        #expect(statistics.cachedTokens > 0)
    }

    @Test func stopTokensEndAndAreNotReported() async throws {
        let test = try TestEngine()
        let all = test.runner.answer(to: [7], tokens: 30)
        let answer = try await test.answer([7], tokens: 30) { $0.stopTokens = [all[10]] }
        let end = all.firstIndex(of: all[10]) ?? 0
        #expect(answer.tokens == Array(all[..<end]))
        #expect(answer.end == .stop)
        #expect(test.engine.statistics.finishedByStop == 1)
    }

    @Test func theStopTokenIsReportedToWhoAsksForIt() async throws {
        let test = try TestEngine()
        let all = test.runner.answer(to: [7], tokens: 30)
        let answer = try await test.answer([7], tokens: 30) {
            $0.stopTokens = [all[10]]
            $0.reportsStopToken = true
        }
        let end = all.firstIndex(of: all[10]) ?? 0
        #expect(answer.tokens == Array(all[...end]) && answer.end == .stop)
    }

    @Test func theContextEndsAnAnswer() async throws {
        let test = try TestEngine(contextTokens: 64)
        let answer = try await test.answer(Array(repeating: 1, count: 60), tokens: .max)
        #expect(answer.tokens.count == 4 && answer.end == .length)
    }

    @Test func seededAnswersRepeatInAnyCompany() async throws {
        let test = try TestEngine()
        var sampling = SamplingParameters()
        sampling.seed = 42
        sampling.topP = 0.9
        let alone = try await test.answer([1, 2], tokens: 60) { $0.sampling = sampling }
        async let others = withTaskGroup(of: Void.self) { group in
            for token in Int32(3)..<11 { group.addTask { _ = try? await test.answer([token], tokens: 60) } }
        }
        let again = try await test.answer([1, 2], tokens: 60) { $0.sampling = sampling }
        await others
        #expect(alone.tokens == again.tokens)
        sampling.seed = 43
        let other = try await test.answer([1, 2], tokens: 60) { $0.sampling = sampling }
        #expect(other.tokens != alone.tokens)
    }

    @Test func numbersThatAreNoneFailTheRequestAlone() async throws {
        let test = try TestEngine(poison: 39)
        let broken = try await test.answer([5, 39], tokens: 10)
        guard case .failed(let text) = broken.end else {
            Issue.record("ended with \(String(describing: broken.end))")
            return
        }
        #expect(text.contains("not a number"))
        let whole = try await test.answer([5, 6], tokens: 3)
        #expect(whole.end == .length && test.engine.statistics.failed == 1)
        let scored = try await test.answer([5, 39, 4], tokens: 0) { $0.promptLogprobs = true }
        guard case .failed = scored.end else {
            Issue.record("ended with \(String(describing: scored.end))")
            return
        }
    }

    @Test func refusesWhatCannotBe() throws {
        let test = try TestEngine(contextTokens: 64)
        func refusal(_ request: GenerationRequest) -> EngineError? {
            do {
                _ = try test.engine.generate(request)
                return nil
            } catch { return error }
        }
        let long = GenerationRequest(prompt: Array(repeating: 1, count: 64), maxTokens: 1)
        #expect(refusal(long) == .promptTooLong(tokens: 64, limit: 63))
        #expect(refusal(GenerationRequest(prompt: [], maxTokens: 1)) != nil)
        #expect(refusal(GenerationRequest(prompt: [40], maxTokens: 1)) != nil)
        #expect(refusal(GenerationRequest(prompt: [-1], maxTokens: 1)) != nil)
        #expect(refusal(GenerationRequest(prompt: [1], maxTokens: -1)) != nil)
        var biased = GenerationRequest(prompt: [1], maxTokens: 1)
        biased.sampling.logitBias = [40: 1]
        #expect(refusal(biased) != nil)
        biased.sampling.logitBias = [39: .nan]
        #expect(refusal(biased) != nil)
    }
}
