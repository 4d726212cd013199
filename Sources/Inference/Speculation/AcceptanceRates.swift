/// How often proposals are right, by what speaks for them: of all requests together, so that a new one starts well.
package struct AcceptanceRates: Sendable {
    private struct Rate: Sendable {
        var tried: Double
        var accepted: Double

        init(prior: Double, weight: Double) { (tried, accepted) = (weight, prior * weight) }

        var value: Double { accepted / tried }

        mutating func record(_ share: Double, memory: Double) {
            if tried >= memory { (tried, accepted) = (tried / 2, accepted / 2) }
            tried += 1
            accepted += share
        }
    }

    private var classes = Evidence.priorRates.map { Rate(prior: $0, weight: priorWeight) }
    private var sources = [
        Rate(prior: lookupPrior, weight: priorWeight), Rate(prior: draftPrior, weight: priorWeight),
    ]

    /// The belief before the first proposal counts as so many proposals.
    private static let priorWeight = 4.0
    /// Older proposals than about the last so many of a class are forgotten.
    private static let memory = 400.0
    private static let sourceMemory = 100.0
    private static let lookupPrior = 0.5
    private static let draftPrior = 0.75

    package init() {}

    package func rate(_ evidence: Evidence) -> Double { classes[evidence.classIndex].value }

    /// Of a source's proposals whatever speaks for them.
    package func rate(of source: Evidence.Source) -> Double { sources[source.rawValue].value }

    /// Notes what became of a proposal before which all proposals were right.
    package mutating func record(_ evidence: Evidence, isAccepted: Bool) {
        classes[evidence.classIndex].record(isAccepted ? 1 : 0, memory: Self.memory)
        sources[evidence.source.rawValue].record(isAccepted ? 1 : 0, memory: Self.sourceMemory)
    }

    /// Notes a proposal that was made and not worth checking: what is expected of its source must not stay higher than
    /// what its proposals promise.
    package mutating func recordUnchecked(_ evidence: Evidence) {
        sources[evidence.source.rawValue].record(rate(evidence), memory: Self.sourceMemory)
    }
}
