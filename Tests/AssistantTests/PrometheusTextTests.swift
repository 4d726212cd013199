import Assistant
import Inference
import Testing

@Suite struct PrometheusTextTests {
    @Test func countersAndHistogramsOfTwoModels() {
        var first = EngineStatistics()
        first.promptTokens = 12
        first.steps = 4
        first.proposedTokens = 9
        first.acceptedTokens = 7
        first.generatedTokens = 6
        first.firstTokenSeconds.record(0.2)
        first.firstTokenSeconds.record(7000)
        let text = PrometheusText.engines([("a", first), ("b \"x\"\\\n", EngineStatistics())])
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains("danlu_prompt_tokens_total{model=\"a\"} 12"))
        #expect(lines.contains("danlu_prompt_tokens_total{model=\"b \\\"x\\\"\\\\\\n\"} 0"))
        #expect(lines.contains("danlu_speculative_proposed_tokens_total{model=\"a\"} 9"))
        #expect(lines.contains("danlu_speculative_accepted_tokens_total{model=\"a\"} 7"))
        #expect(lines.contains("danlu_n_busy_slots_per_decode{model=\"a\"} 1.5"))
        #expect(lines.contains("danlu_time_to_first_token_seconds_bucket{model=\"a\",le=\"0.1\"} 0"))
        #expect(lines.contains("danlu_time_to_first_token_seconds_bucket{model=\"a\",le=\"0.25\"} 1"))
        #expect(lines.contains("danlu_time_to_first_token_seconds_bucket{model=\"a\",le=\"+Inf\"} 2"))
        #expect(lines.contains("danlu_time_to_first_token_seconds_count{model=\"a\"} 2"))
        // Each metric is announced once, whatever the number of models.
        let announced = lines.filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(announced).count == announced.count)
    }
}
