/// How fast the engine has been lately, to tell how long a new request would wait.
package struct LoadEstimate: Sendable, Equatable {
    /// What prompts add to a step, beside the answers in it.
    package private(set) var prefillTokensPerSecond: Double?
    /// Of all answers together.
    package private(set) var decodeTokensPerSecond: Double?
    package private(set) var tokensPerAnswer: Double?
    /// How far answers are from that, on the average.
    private var tokensPerAnswerDeviation: Double?
    private var decodeSteps = StepTimes()

    package init() {}

    /// Fewer prompt tokens than this tell nothing about the rate.
    private static let prefillTokensMin = 16
    /// Of a step with prompts in it, whatever the answers should have taken.
    private static let prefillShareMin = 0.1
    /// The weight of the newest measurement.
    private static let weight = 0.2

    package mutating func record(prefillTokens: Int, decodeTokens: Int, seconds: Double) {
        guard seconds > 0 else { return }
        if prefillTokens >= Self.prefillTokensMin {
            let added = max(Self.prefillShareMin * seconds, seconds - answersSeconds(decodeTokens))
            Self.mix(&prefillTokensPerSecond, Double(prefillTokens) / added)
        } else if decodeTokens > 0, prefillTokens == 0 {
            Self.mix(&decodeTokensPerSecond, Double(decodeTokens) / seconds)
            decodeSteps.record(answers: decodeTokens, seconds: seconds)
        }
    }

    package mutating func recordEnd(generated: Int) {
        guard generated > 0 else { return }
        if let tokensPerAnswer { Self.mix(&tokensPerAnswerDeviation, abs(Double(generated) - tokensPerAnswer)) }
        Self.mix(&tokensPerAnswer, Double(generated))
    }

    private static func mix(_ average: inout Double?, _ value: Double) {
        average = average.map { $0 + weight * (value - $0) } ?? value
    }

    /// Seconds that a step takes; nil before there was anything to measure.
    package func stepSeconds(prefillTokens: Int, answers: Int) -> Double? {
        guard prefillTokens > 0 else { return decodeSteps.seconds(answers: answers) }
        return prefillTokensPerSecond.map { answersSeconds(answers) + Double(prefillTokens) / $0 }
    }

    /// Seconds that so many answers take of a step; 0 before that was measured.
    package func answersSeconds(_ count: Int) -> Double { count > 0 ? decodeSteps.seconds(answers: count) ?? 0 : 0 }

    /// Seconds of the machine that a prompt token and a generated one take, to weigh one against the other.
    package var prefillTokenSeconds: Double { prefillTokensPerSecond.map { 1 / $0 } ?? Self.prefillTokenSecondsGuess }
    package var decodeTokenSeconds: Double { decodeTokensPerSecond.map { 1 / $0 } ?? 4 * prefillTokenSeconds }

    /// Before anything was measured; only the ratio matters then.
    private static let prefillTokenSecondsGuess = 0.005
    /// Tokens of an answer, before one has ended.
    private static let answerTokensGuess = 128.0
    /// An answer longer than most will go on for this share of what most have.
    private static let restMin = 0.25

    /// How many more tokens an answer is expected to have.
    ///
    /// - Parameters:
    ///   - generated: tokens it has.
    ///   - most: tokens it may have.
    ///   - rank: 0 for the shortest of all answers, 1 for the longest; 0.5 for the mean. Of many that are written at
    ///     once the first ends long before the mean.
    package func expectedTokens(generated: Int, most: Int, rank: Double = 0.5) -> Double {
        let mean = tokensPerAnswer ?? Self.answerTokensGuess
        // Evenly spread around the mean, the farthest are twice as far from it as they are on the average.
        let spread = min(mean, 2 * (tokensPerAnswerDeviation ?? 0))
        let usual = mean + (2 * rank - 1) * spread
        return max(0, min(Double(most - generated), max(usual - Double(generated), Self.restMin * usual)))
    }
}
