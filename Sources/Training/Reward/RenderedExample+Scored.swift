import Instructions

extension RenderedExample {
    /// The example as a reward model reads it: to its last token, whose output is scored. Rows of a batch hold all
    /// tokens but the last, which is a target only; so the last stands there twice.
    ///
    /// - Parameter tokensMax: of an example, the copy included.
    package func scored(tokensMax: Int) -> RenderedExample? {
        guard let whole = cut(tokensMax: tokensMax - 1), let last = whole.tokens.last else { return nil }
        return RenderedExample(
            tokens: whole.tokens + [last], isTarget: whole.isTarget + [false], source: whole.source)
    }
}
