/// Counts of recent tokens, and what they cost.
///
/// With n the times a token is among the last `penaltyTokensMax` tokens of prompt and answer, and m those of them in
/// the answer:
///
///     x = x > 0 ? x / repetition : x * repetition      when n > 0
///     x = x - presence - frequency * m                 when m > 0
///
/// Repetition counts the prompt, as in the paper that introduced it (CTRL); presence and frequency do not, as in
/// OpenAI's interface.
package struct Penalties: Sendable {
    private let parameters: SamplingParameters
    private let promptTokens: Int
    private var tokens: [Int32]
    private var counts: [Int32: Int] = [:]
    private var answerCounts: [Int32: Int] = [:]

    package init(_ parameters: SamplingParameters, prompt: [Int32]) {
        self.parameters = parameters
        promptTokens = prompt.count
        tokens = []
        guard isNeeded else { return }
        tokens.reserveCapacity(prompt.count)
        for token in prompt { accept(token) }
    }

    private var isNeeded: Bool {
        parameters.repetitionPenalty != 1 || parameters.presencePenalty != 0 || parameters.frequencyPenalty != 0
    }

    package mutating func accept(_ token: Int32) {
        guard isNeeded else { return }
        count(at: tokens.count, token, by: 1)
        tokens.append(token)
        let (leaving, overflow) = tokens.count.subtractingReportingOverflow(parameters.penaltyTokensMax)
        if !overflow, leaving > 0 { count(at: leaving - 1, tokens[leaving - 1], by: -1) }
    }

    private mutating func count(at position: Int, _ token: Int32, by change: Int) {
        counts[token, default: 0] += change
        if counts[token] == 0 { counts[token] = nil }
        guard position >= promptTokens else { return }
        answerCounts[token, default: 0] += change
        if answerCounts[token] == 0 { answerCounts[token] = nil }
    }

    /// - Precondition: the tokens are in the vocabulary.
    package func apply(to logits: UnsafeMutableBufferPointer<Float>) {
        if parameters.repetitionPenalty != 1 {
            for token in counts.keys {
                let logit = logits[Int(token)]
                logits[Int(token)] =
                    logit > 0 ? logit / parameters.repetitionPenalty : logit * parameters.repetitionPenalty
            }
        }
        for (token, times) in answerCounts {
            logits[Int(token)] -= parameters.presencePenalty + parameters.frequencyPenalty * Float(times)
        }
    }
}
