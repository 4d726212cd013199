extension SamplingParameters {
    /// Penalties, biases and their like beyond this say nothing more, and could overflow.
    public static let adjustmentMax: Float = 1e6

    /// - Throws: `EngineError.invalid` with the field and its range.
    package func validate(vocabularySize: Int) throws(EngineError) {
        try check("temperature", temperature, 0...1000)
        try check("top_p", topP, 0...1)
        try check("min_p", minP, 0...1)
        try check("typical_p", typicalP, 0...1)
        try check("repetition_penalty", repetitionPenalty, 1e-3...1000)
        try check("presence_penalty", presencePenalty, -Self.adjustmentMax...Self.adjustmentMax)
        try check("frequency_penalty", frequencyPenalty, -Self.adjustmentMax...Self.adjustmentMax)
        try check("dry.multiplier", dry.multiplier, 0...Self.adjustmentMax)
        try check("dry.base", dry.base, 1...1000)
        try check("top_k", topK, 0...Int.max)
        try check("penalty_tokens", penaltyTokensMax, 0...Int.max)
        try check("dry.allowed_tokens", dry.allowedTokens, 1...Int.max)
        try check("dry.window_tokens", dry.windowTokensMax, 0...Int.max)
        try check("logprobs", logprobs ?? 0, 0...Self.logprobsMax)
        for (token, bias) in logitBias {
            guard token >= 0, token < vocabularySize else {
                throw .invalid(
                    field: "logit_bias", reason: "token \(token) is outside the vocabulary of \(vocabularySize)")
            }
            try check("logit_bias", bias, -Self.adjustmentMax...Self.adjustmentMax)
        }
    }

    private func check<T>(_ field: String, _ value: T, _ range: ClosedRange<T>) throws(EngineError) {
        // NaN is in no range.
        guard range.contains(value) else {
            throw .invalid(
                field: field, reason: "\(value) is outside \(range.lowerBound)...\(range.upperBound)")
        }
    }
}
