import Foundation
import JSON

/// What the repetitions of one test came to, in tokens per second.
package struct BenchResult: Sendable, Equatable {
    package let test: String
    package let median: Double
    package let min: Double
    package let max: Double

    /// - Precondition: there is at least one rate.
    package init(test: String, rates: [Double]) {
        precondition(!rates.isEmpty, "a test without a run")
        let sorted = rates.sorted()
        let middle = sorted.count / 2
        self.test = test
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        min = sorted[0]
        max = sorted[sorted.count - 1]
    }

    package var json: JSONValue {
        [
            "test": .string(test),
            "tokens_per_second": ["median": .double(median), "min": .double(min), "max": .double(max)],
        ]
    }

    package var line: String {
        test.padding(toLength: 10, withPad: " ", startingAt: 0)
            + String(format: "%9.2f t/s   (%.2f … %.2f)", median, min, max)
    }
}
