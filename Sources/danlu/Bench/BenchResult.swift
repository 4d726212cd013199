import Foundation
import JSON

/// What the repetitions of one test came to, in tokens per second of all sequences together.
package struct BenchResult: Sendable, Equatable {
    package let test: BenchTest
    package let median: Double
    package let min: Double
    package let max: Double
    /// What this machine cannot exceed; nil when it was not measured.
    package let roof: Double?

    /// - Precondition: there is at least one rate.
    package init(test: BenchTest, rates: [Double], roof: Double? = nil) {
        precondition(!rates.isEmpty, "a test without a run")
        let sorted = rates.sorted()
        let middle = sorted.count / 2
        self.test = test
        self.roof = roof
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        min = sorted[0]
        max = sorted[sorted.count - 1]
    }

    package var json: JSONValue {
        [
            "test": .string(test.name), "kind": .string(test.kind == .prompt ? "prompt" : "generation"),
            "tokens": .int(test.tokens), "depth": .int(test.depth), "sequences": .int(test.sequences),
            "tokens_per_second": ["median": .double(median), "min": .double(min), "max": .double(max)],
            "roof_tokens_per_second": roof.map { .double($0) } ?? .null,
        ]
    }

    package var line: String {
        let speed = String(format: "%10.2f t/s   (%.2f … %.2f)", median, min, max)
        let share = roof.map { String(format: "   %3.0f %% / %.0f", 100 * median / $0, $0) } ?? ""
        return test.name.padding(toLength: 16, withPad: " ", startingAt: 0) + speed + share
    }
}
