/// Bounds on what is read and asked.
package enum EvaluationLimits {
    /// Bytes of one line of a data file.
    package static let lineBytesMax = 4 << 20
    /// Bytes of one file that is read whole.
    package static let fileBytesMax = 256 << 20
    /// Items of one task.
    package static let itemsMax = 1_000_000
    /// Bytes of one question to the model.
    package static let promptBytesMax = 4 << 20
    /// Choices of one item.
    package static let choicesMax = 64
    /// Tokens of an answer to one's own question.
    package static let answerTokensMax = 8192
    /// Examples before a question.
    package static let shotsMax = 64
    /// Items that are in the engine at the same time.
    package static let parallelMax = 16
    /// Texts that a score is drawn from again, for its interval.
    static let resamples = 2000
    /// Bytes of a judge's answer.
    static let judgeBytesMax = 1 << 20
}
