import Kernels

/// Chooses a request's tokens, one after another. `SamplingParameters` has the order of the steps.
///
///     var sampler = Sampler(parameters, prompt: ids, seed: 7)
///     let choice = sampler.next(logits, scratch: scratch)      // a row of logits, changed by this
///
/// Depends on nothing but its arguments: what else is in the batch makes no difference.
package struct Sampler: Sendable {
    package enum Choice: Sendable, Equatable {
        case token(Int32, TokenScore?)
        /// A logit is NaN or infinite.
        case notFinite
    }

    private var parameters: SamplingParameters
    private var penalties: Penalties
    private var dry: Dry
    private var random: RandomSource

    package init(_ parameters: SamplingParameters, prompt: [Int32], seed: UInt64) {
        self.parameters = parameters
        penalties = Penalties(parameters, prompt: prompt)
        dry = Dry(parameters.dry, prompt: prompt)
        random = RandomSource(seed: seed)
    }

    /// A copy that draws the same numbers, and reports the log-probability of what it takes.
    package func drafting() -> Sampler {
        var copy = self
        copy.parameters.logprobs = 0
        return copy
    }

    /// - Parameters:
    ///   - logits: one row; biased, penalised, masked and scaled in place.
    ///   - allowed: the tokens that may be chosen, at least one of the row's; nil allows all.
    package mutating func next(
        _ logits: Matrix, allowed: TokenMask? = nil, scratch: SamplingScratch
    ) -> Choice {
        guard logits.withRow(0, { Row.isFinite($0) }) else { return .notFinite }
        let scores = parameters.logprobs.map { LogProbabilities(logits, alternatives: $0, scratch: scratch) }
        logits.withRow(0) { row in
            LogitBias.apply(parameters.logitBias, to: row)
            penalties.apply(to: row)
            dry.apply(to: row)
            if let allowed { Masking.apply(allowed, to: row) }
        }
        let isGreedy = parameters.temperature < SamplingParameters.temperatureMin
        let token = isGreedy ? Int32(logits.withRow(0) { Row.argmax($0) }) : draw(logits)
        penalties.accept(token)
        dry.accept(token)
        return .token(token, scores?.score(of: token))
    }

    private mutating func draw(_ logits: Matrix) -> Int32 {
        if parameters.temperature != 1 { Operations.scale(logits, by: 1 / parameters.temperature) }
        Operations.softmax(logits)
        let uniform = random.uniform()
        guard let need else {
            return Int32(logits.withRow(0) { row in Row.place(ofMass: uniform * Row.sum(row), in: row) })
        }
        var candidates = Candidates(probabilities: logits, keeping: need)
        if parameters.typicalP < 1 { Typical.apply(parameters.typicalP, to: &candidates) }
        // A nucleus that is needed first was taken with the candidates.
        if parameters.topP < 1, parameters.topK > 0 || parameters.typicalP < 1 {
            TopP.apply(parameters.topP, to: &candidates)
        }
        if parameters.minP > 0 { MinP.apply(parameters.minP, to: &candidates) }
        return candidates.draw(uniform)
    }

    /// What the first filter needs; nil when there is none.
    private var need: Candidates.Need? {
        if parameters.topK > 0 { return .count(parameters.topK) }
        if parameters.typicalP < 1 { return .everything }
        if parameters.topP < 1 { return .mass(parameters.topP) }
        if parameters.minP > 0 { return .share(parameters.minP) }
        return nil
    }
}
