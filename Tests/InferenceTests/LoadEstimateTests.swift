import Inference
import Testing

@Suite struct LoadEstimateTests {
    @Test func saysNothingBeforeItKnows() {
        var load = LoadEstimate()
        #expect(load.seconds(prefillTokens: 10, answersMax: [5]) == nil)
        load.record(prefillTokens: 3, decodeTokens: 0, seconds: 1)
        #expect(load.prefillTokensPerSecond == nil)
    }

    @Test func addsPromptsAndAnswers() {
        var load = LoadEstimate()
        load.record(prefillTokens: 200, decodeTokens: 0, seconds: 1)
        load.record(prefillTokens: 0, decodeTokens: 4, seconds: 0.1)
        load.recordEnd(generated: 50)
        load.recordEnd(generated: 0)
        // 400 at 200 a second; 50 and 10 of the answers at 40 a second.
        #expect(abs((load.seconds(prefillTokens: 400, answersMax: [1000, 10]) ?? 0) - 3.5) < 1e-9)
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
