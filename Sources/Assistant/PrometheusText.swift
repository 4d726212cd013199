import Inference

/// The engines' counters in Prometheus' text format. Names are llama.cpp's after the prefix, where it has them.
public enum PrometheusText {
    /// One block a metric, one line a model.
    public static func engines(_ engines: [(name: String, statistics: EngineStatistics)]) -> String {
        let labelled = engines.map { (label: label($0.name), $0.statistics) }
        var text = ""
        for metric in metrics {
            text += "# HELP danlu_\(metric.name) \(metric.help)\n# TYPE danlu_\(metric.name) \(metric.type)\n"
            for (label, statistics) in labelled {
                text += "danlu_\(metric.name){\(label)} \(number(metric.value(statistics)))\n"
            }
        }
        let firstToken = labelled.map { ($0.label, $0.1.firstTokenSeconds) }
        let tokenGap = labelled.map { ($0.label, $0.1.tokenGapSeconds) }
        text += histogram("time_to_first_token_seconds", "From a request to its first token.", firstToken)
        text += histogram("inter_token_latency_seconds", "Between two tokens of one answer.", tokenGap)
        return text
    }

    private struct Metric: Sendable {
        var name: String
        var type: String
        var help: String
        var value: @Sendable (EngineStatistics) -> Double

        static func counter(
            _ name: String, _ help: String, _ value: @escaping @Sendable (EngineStatistics) -> Double
        ) -> Metric { Metric(name: name, type: "counter", help: help, value: value) }

        static func gauge(
            _ name: String, _ help: String, _ value: @escaping @Sendable (EngineStatistics) -> Double
        ) -> Metric { Metric(name: name, type: "gauge", help: help, value: value) }
    }

    private static let metrics: [Metric] = [
        .counter("prompt_tokens_total", "Tokens of prompts.") { Double($0.promptTokens) },
        .counter("prompt_tokens_cached_total", "Tokens of prompts that were not computed again.") {
            Double($0.cachedTokens)
        },
        .counter("prompt_seconds_total", "Time of steps that computed prompts.") { $0.prefillSeconds },
        .counter("tokens_predicted_total", "Tokens generated.") { Double($0.generatedTokens) },
        .counter("tokens_predicted_seconds_total", "Time of steps that only generated.") { $0.decodeSeconds },
        .counter("n_decode_total", "Steps of the model.") { Double($0.steps) },
        .gauge("n_busy_slots_per_decode", "Tokens generated a step, on average.") {
            $0.steps > 0 ? Double($0.generatedTokens) / Double($0.steps) : 0
        },
        .gauge("requests_processing", "Requests being answered.") { Double($0.running) },
        .gauge("requests_deferred", "Requests that wait.") { Double($0.waiting) },
        .gauge("kv_cache_usage_ratio", "Share of the cache's pages in use.") {
            $0.cachePagesTotal > 0 ? Double($0.cachePagesUsed) / Double($0.cachePagesTotal) : 0
        },
        .gauge("kv_cache_pages", "Pages of the cache in use.") { Double($0.cachePagesUsed) },
        .counter("tokens_recomputed_total", "Tokens computed again after their memory was given up.") {
            Double($0.recomputedTokens)
        },
        .counter("preemptions_total", "Sequences that gave up their memory to an older one.") {
            Double($0.preemptions)
        },
        .counter("requests_stopped_total", "Answers that the model ended.") { Double($0.finishedByStop) },
        .counter("requests_length_total", "Answers that reached their length.") { Double($0.finishedByLength) },
        .counter("requests_cancelled_total", "Answers that nobody waited for.") { Double($0.finishedByCancellation) },
        .counter("requests_overloaded_total", "Requests refused for a full queue or a long wait.") {
            Double($0.overloaded)
        },
        .counter("requests_failed_total", "Answers that failed.") { Double($0.failed) },
        .counter("speculative_proposed_tokens_total", "Tokens of answers that were guessed and checked.") {
            Double($0.proposedTokens)
        },
        .counter("speculative_accepted_tokens_total", "Guessed tokens that were right.") {
            Double($0.acceptedTokens)
        },
        .counter("speculative_steps_total", "Steps that checked guesses.") { Double($0.speculativeSteps) },
        .counter("draft_seconds_total", "Time of the draft model.") { $0.draftSeconds },
        .gauge("draft_cache_pages", "Pages of the draft model's cache in use.") { Double($0.draftPagesUsed) },
        .counter("embeddings_total", "Embeddings made.") { Double($0.embeddings) },
    ]

    private static func histogram(_ name: String, _ help: String, _ values: [(String, Histogram)]) -> String {
        var text = "# HELP danlu_\(name) \(help)\n# TYPE danlu_\(name) histogram\n"
        for (label, histogram) in values {
            var below = 0
            for (bound, count) in zip(histogram.bounds.map(number) + ["+Inf"], histogram.counts) {
                below += count
                text += "danlu_\(name)_bucket{\(label),le=\"\(bound)\"} \(below)\n"
            }
            text += "danlu_\(name)_sum{\(label)} \(number(histogram.sum))\n"
            text += "danlu_\(name)_count{\(label)} \(below)\n"
        }
        return text
    }

    /// A model's name may hold anything a file's name may.
    private static func label(_ model: String) -> String {
        let escaped = model.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "model=\"\(escaped)\""
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
