/// How a request differs from others: its wrong proposals beside those that were to be expected.
///
///     p = 1 - factor * (1 - rate of all requests)
///     factor = (wrong + prior) / (expected wrong + prior)
package struct RequestAcceptance: Sendable {
    private struct Failures: Sendable {
        var seen = 0.0
        var expected = 0.0
        var factor: Double { (seen + prior) / (expected + prior) }
    }

    private var sources = Evidence.Source.allCases.map { _ in Failures() }

    /// Without evidence a request is as the others; so many failures make a difference.
    private static let prior = 2.0
    /// What a proposal's outcome counts for after the next one.
    private static let memory = 0.97
    /// Nothing is certain.
    private static let rates = 0.01...0.995

    package init() {}

    package func rate(_ evidence: Evidence, _ rates: AcceptanceRates) -> Double {
        rate(from: rates.rate(evidence), evidence.source)
    }

    /// Of any proposal of a source.
    package func rate(of source: Evidence.Source, _ rates: AcceptanceRates) -> Double {
        rate(from: rates.rate(of: source), source)
    }

    private func rate(from all: Double, _ source: Evidence.Source) -> Double {
        let rate = 1 - sources[source.rawValue].factor * (1 - all)
        return min(max(rate, Self.rates.lowerBound), Self.rates.upperBound)
    }

    /// Notes an outcome here and for all requests.
    package mutating func record(_ evidence: Evidence, isAccepted: Bool, in rates: inout AcceptanceRates) {
        let source = evidence.source.rawValue
        sources[source].seen = sources[source].seen * Self.memory + (isAccepted ? 0 : 1)
        sources[source].expected = sources[source].expected * Self.memory + 1 - rates.rate(evidence)
        rates.record(evidence, isAccepted: isAccepted)
    }
}
