/// An answer that the model being trained wrote.
package struct Rollout: Sendable, Equatable {
    /// With the stop token that ended it, where one did.
    package var tokens: [Int32]
    /// Of each token, by the serving engine: natural logarithms at temperature 1.
    package var logProbabilities: [Float]
    /// It was cut at the most tokens that it may have.
    package var isTruncated: Bool

    package init(tokens: [Int32], logProbabilities: [Float], isTruncated: Bool) {
        (self.tokens, self.logProbabilities, self.isTruncated) = (tokens, logProbabilities, isTruncated)
    }

    /// Without the token that ends it.
    package var text: ArraySlice<Int32> { isTruncated ? tokens[...] : tokens.dropLast() }
}

/// What an answer is wanted to.
package struct RolloutRequest: Sendable {
    package var prompt: [Int32]
    package var tokensMax: Int
    /// 0 takes the best token, always.
    package var temperature: Float
    package var seed: UInt64

    package init(prompt: [Int32], tokensMax: Int, temperature: Float, seed: UInt64) {
        (self.prompt, self.tokensMax, self.temperature, self.seed) = (prompt, tokensMax, temperature, seed)
    }
}
