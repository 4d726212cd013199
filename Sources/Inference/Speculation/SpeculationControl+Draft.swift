/// When the draft model is worth its time.
extension SpeculationControl {
    /// What the draft model's next token for so many sequences takes, in steps.
    package func draftPassCost(sequences: Int, drafting: Int) -> Double {
        guard let pass = draft.passSeconds(sequences: drafting), let step = costs.seconds(sequences: sequences) else {
            return Self.passPrior
        }
        return pass / step
    }

    /// The best that can be had when the draft model writes for some sequences, and how many tokens it then writes.
    ///
    /// - Parameters:
    ///   - candidates: of all sequences, with what is proposed otherwise.
    ///   - drafting: sequences for which it writes, with the rate at which its tokens are right.
    package func plan(
        _ candidates: [[Double]], drafting: [Int: Double], passesMax: Int
    ) -> (passes: Int, tokensPerStep: Double) {
        let pass = draftPassCost(sequences: candidates.count, drafting: drafting.count)
        var best = (passes: 0, tokensPerStep: choose(candidates, sequences: candidates.count).tokensPerStep)
        var candidates = candidates
        for sequence in drafting.keys { candidates[sequence] = [] }
        for passes in stride(from: 1, through: passesMax, by: 1) where !drafting.isEmpty {
            for (sequence, rate) in drafting { candidates[sequence].append(rate) }
            let choice = choose(candidates, sequences: candidates.count, spent: Double(passes) * pass)
            if choice.total > 0, choice.tokensPerStep > best.tokensPerStep {
                best = (passes, choice.tokensPerStep)
            }
        }
        return best
    }

    /// Whether another pass of the draft model promises more than checking what it wrote so far.
    ///
    /// - Parameters:
    ///   - candidates: of all sequences, with what was written.
    ///   - active: sequences for which it would go on, with the rate of its next token.
    package func wantsMore(_ candidates: [[Double]], active: [Int: Double], spent: Double) -> Bool {
        var longer = candidates
        for (sequence, rate) in active { longer[sequence].append(rate) }
        let pass = draftPassCost(sequences: candidates.count, drafting: active.count)
        let now = choose(candidates, sequences: candidates.count, spent: spent)
        let then = choose(longer, sequences: candidates.count, spent: spent + pass)
        return then.tokensPerStep > now.tokensPerStep
    }

    /// Whether the draft model should read a sequence's text, of which it has not seen the last `backlog` tokens: when
    /// what the answer will probably gain is worth it, or when it can be lost.
    ///
    /// - Parameters:
    ///   - gain: tokens per step with it over without, less 1.
    ///   - generated: of the answer so far.
    ///   - tokensMax: that may still come.
    package func isWorthReading(
        backlog: Int, gain: Double, generated: Int, tokensMax: Int, sequences: Int
    ) -> Bool {
        let token = draft.tokenSeconds.map { steps($0, sequences: sequences) } ?? Self.tokenPrior
        let cost = Double(backlog) * token
        let gained = expectedTokens(generated: generated, max: tokensMax) * gain / (1 + gain)
        if gained > cost * Self.readingGainMin, credit > -Self.debtMax { return true }
        return cost + Self.trialCost <= credit && tokensMax >= Self.trialTokensMin
    }

    /// Notes prompt tokens that the draft model read.
    package mutating func recordReading(tokens: Int, seconds: Double, sequences: Int) {
        draft.recordPrompt(tokens: tokens, seconds: seconds)
        spend(steps: steps(seconds, sequences: sequences))
    }

    package mutating func recordPass(sequences: Int, seconds: Double) {
        draft.recordPass(sequences: sequences, seconds: seconds)
    }

    /// Before they were measured.
    private static let passPrior = 0.4
    private static let tokenPrior = 0.04
    private static let readingGainMin = 1.5
    /// Steps that reading may have cost and not brought back.
    private static let debtMax = 24.0
    /// Steps that a trial costs beside the reading.
    private static let trialCost = 1.0
    private static let trialTokensMin = 16
}
