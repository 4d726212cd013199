/// How fast the engine has been lately, to tell how long a new request would wait.
package struct LoadEstimate: Sendable, Equatable {
    package private(set) var prefillTokensPerSecond: Double?
    /// Of all answers together.
    package private(set) var decodeTokensPerSecond: Double?
    package private(set) var tokensPerAnswer: Double?

    package init() {}

    /// Fewer prompt tokens than this tell nothing about the rate.
    private static let prefillTokensMin = 16
    /// The weight of the newest measurement.
    private static let weight = 0.2

    package mutating func record(prefillTokens: Int, decodeTokens: Int, seconds: Double) {
        guard seconds > 0 else { return }
        if prefillTokens >= Self.prefillTokensMin {
            Self.mix(&prefillTokensPerSecond, Double(prefillTokens + decodeTokens) / seconds)
        } else if decodeTokens > 0, prefillTokens == 0 {
            Self.mix(&decodeTokensPerSecond, Double(decodeTokens) / seconds)
        }
    }

    package mutating func recordEnd(generated: Int) {
        if generated > 0 { Self.mix(&tokensPerAnswer, Double(generated)) }
    }

    private static func mix(_ average: inout Double?, _ value: Double) {
        average = average.map { $0 + weight * (value - $0) } ?? value
    }

    /// Seconds that some prompt tokens and some answers take; nil before there was anything to measure.
    ///
    /// - Parameter answersMax: what is left of each answer at most.
    package func seconds(prefillTokens: Int, answersMax: [Int]) -> Double? {
        guard let prefillTokensPerSecond else { return nil }
        var seconds = Double(prefillTokens) / prefillTokensPerSecond
        if let decodeTokensPerSecond, let tokensPerAnswer {
            let tokens = answersMax.reduce(0) { $0 + min(Double($1), tokensPerAnswer) }
            seconds += tokens / decodeTokensPerSecond
        }
        return seconds
    }
}
