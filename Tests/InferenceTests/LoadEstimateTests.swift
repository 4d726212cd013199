import Inference
import Testing

@Suite struct LoadEstimateTests {
    @Test func saysNothingBeforeItKnows() {
        var load = LoadEstimate()
        #expect(load.stepSeconds(prefillTokens: 10, answers: 5) == nil)
        #expect(load.stepSeconds(prefillTokens: 0, answers: 5) == nil)
        load.record(prefillTokens: 3, decodeTokens: 0, seconds: 1)
        #expect(load.prefillTokensPerSecond == nil)
    }

    @Test func tellsStepsAndTokens() {
        var load = LoadEstimate()
        load.record(prefillTokens: 200, decodeTokens: 0, seconds: 1)
        load.record(prefillTokens: 0, decodeTokens: 4, seconds: 0.1)
        #expect(load.stepSeconds(prefillTokens: 80, answers: 4) == 0.5)
        #expect(load.stepSeconds(prefillTokens: 100, answers: 0) == 0.5)
        #expect(load.stepSeconds(prefillTokens: 0, answers: 4) == 0.1)
        #expect(load.prefillTokenSeconds == 0.005 && load.decodeTokenSeconds == 0.025)
    }

    @Test func answersBesideAPromptAreNotThePromptsTime() {
        var load = LoadEstimate()
        load.record(prefillTokens: 0, decodeTokens: 4, seconds: 0.1)
        load.record(prefillTokens: 100, decodeTokens: 4, seconds: 0.6)
        #expect(abs((load.prefillTokensPerSecond ?? 0) - 200) < 1e-9)
        // Never infinitely fast, however long the answers should have taken.
        load = LoadEstimate()
        load.record(prefillTokens: 0, decodeTokens: 4, seconds: 0.1)
        load.record(prefillTokens: 100, decodeTokens: 4, seconds: 0.05)
        #expect(abs((load.prefillTokensPerSecond ?? 0) - 20_000) < 1e-6)
    }

    @Test func expectsAnswersAsLongAsMost() {
        var load = LoadEstimate()
        load.recordEnd(generated: 40)
        load.recordEnd(generated: 0)
        #expect(load.expectedTokens(generated: 0, most: 1000) == 40)
        #expect(load.expectedTokens(generated: 0, most: 10) == 10)
        #expect(load.expectedTokens(generated: 25, most: 1000) == 15)
        #expect(load.expectedTokens(generated: 300, most: 1000) == 10)
        #expect(load.expectedTokens(generated: 300, most: 302) == 2)
        // 40 and 20 more or less: the mean is 44, the farthest are 40 from it.
        load.recordEnd(generated: 60)
        #expect(load.expectedTokens(generated: 0, most: 1000) == 44)
        #expect(load.expectedTokens(generated: 0, most: 1000, rank: 1) == 84)
        #expect(load.expectedTokens(generated: 0, most: 1000, rank: 0) == 4)
    }

    @Test func followsTheRateSlowly() {
        var load = LoadEstimate()
        load.record(prefillTokens: 100, decodeTokens: 0, seconds: 1)
        load.record(prefillTokens: 200, decodeTokens: 0, seconds: 1)
        #expect(load.prefillTokensPerSecond == 120)
        load.record(prefillTokens: 200, decodeTokens: 0, seconds: 0)
        #expect(load.prefillTokensPerSecond == 120)
    }
}
