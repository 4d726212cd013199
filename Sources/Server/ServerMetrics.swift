import Assistant
import Synchronization

/// Counters of the server, written in Prometheus' text format with the engine's beside them.
final class ServerMetrics: Sendable {
    private let responses = Mutex<[Int: Int]>([:])

    func countResponse(status: Int) {
        responses.withLock { $0[status, default: 0] += 1 }
    }

    func text(of assistants: [Assistant]) -> String {
        var text = "# TYPE danlu_http_responses_total counter\n"
        for (status, count) in responses.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            text += "danlu_http_responses_total{status=\"\(status)\"} \(count)\n"
        }
        return text + PrometheusText.engines(assistants.map { ($0.name, $0.statistics) })
    }
}
