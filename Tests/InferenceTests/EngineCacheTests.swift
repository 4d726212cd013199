import Foundation
import Inference
import Testing

@Suite struct EngineCacheTests {
    private func text(_ seed: UInt64, _ count: Int) -> [Int32] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { _ in Int32.random(in: 0..<40, using: &random) }
    }

    @Test(arguments: [1, 31, 32, 33, 63, 64, 65, 100, 128])
    func aNextTurnComputesOnlyWhatIsNew(promptTokens: Int) async throws {
        let test = try TestEngine()
        let prompt = text(1, promptTokens)
        let first = try await test.answer(prompt, tokens: 20)
        let next = prompt + first.tokens + [3, 4, 5]
        let second = try await test.answer(next, tokens: 20)
        // The last token of the first answer was chosen but never read.
        #expect(second.cachedTokens == promptTokens + 19)
        #expect(second.tokens == test.runner.answer(to: next, tokens: 20))
        let again = try await test.answer(next, tokens: 20)
        #expect(again.cachedTokens == next.count - 1)
        #expect(again.tokens == second.tokens)
    }

    @Test func nothingIsSharedBetweenOwners() async throws {
        let test = try TestEngine()
        let prompt = text(2, 100)
        _ = try await test.answer(prompt, tokens: 1, owner: "a")
        let other = try await test.answer(prompt, tokens: 1, owner: "b")
        let same = try await test.answer(prompt, tokens: 1, owner: "a")
        #expect(other.cachedTokens == 0)
        #expect(same.cachedTokens == 99)
    }

    @Test func aNewPrefixIsComputedOnceForAll() async throws {
        let test = try TestEngine(contextTokens: 512, cacheTokens: 8192) { $0.prefillChunkTokens = 64 }
        let prefix = text(3, 300)
        let answers = try await withThrowingTaskGroup(of: [Int32].self) { group in
            for number in Int32(0)..<8 {
                let prompt = prefix + [number, 1, 2]
                group.addTask {
                    let answer = try await test.answer(prompt, tokens: 5)
                    #expect(answer.tokens == test.runner.answer(to: prompt, tokens: 5))
                    return answer.tokens
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 8)
        let statistics = test.engine.statistics
        #expect(statistics.promptTokens == 8 * 303)
        let once = 300 + 8 * 3
        #expect(statistics.promptTokens - statistics.cachedTokens == once)
        #expect(test.runner.record.computedTokens == once + 8 * 4)
    }

    @Test func theOldestPrefixesGoFirst() async throws {
        let test = try TestEngine(contextTokens: 128, cacheTokens: 256)
        let (one, two, three) = (text(4, 100), text(5, 100), text(6, 100))
        _ = try await test.answer(one, tokens: 1)
        _ = try await test.answer(two, tokens: 1)
        _ = try await test.answer(one, tokens: 1)
        _ = try await test.answer(three, tokens: 1)
        #expect(try await test.answer(one, tokens: 1).cachedTokens == 99)
        #expect(try await test.answer(two, tokens: 1).cachedTokens ?? 99 < 99)
        #expect(test.engine.statistics.cachePagesUsed <= 8)
    }

    @Test func memoryThatRunsOutIsGivenToTheOldest() async throws {
        let test = try TestEngine(contextTokens: 256, cacheTokens: 256) { $0.sequencesMax = 4 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                let prompt = text(UInt64(10 + number), 20)
                group.addTask {
                    let answer = try await test.answer(prompt, tokens: 200)
                    #expect(answer.tokens == test.runner.answer(to: prompt, tokens: 200))
                }
            }
            try await group.waitForAll()
        }
        #expect(test.engine.statistics.preemptions > 0)
        #expect(test.engine.statistics.finishedByLength == 6)
    }
}
