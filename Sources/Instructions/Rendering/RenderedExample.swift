/// An example as a model reads it: ids, and which of them it is taught to write.
///
///     tokens    <|im_start|> user \n 1+1 <|im_end|> \n <|im_start|> assistant \n  2  <|im_end|>
///     isTarget       -        -   -   -      -       -       -          -      -  x      x
package struct RenderedExample: Sendable, Hashable {
    package var tokens: [Int32]
    /// As long as `tokens`; the first is never one, since nothing foretells it.
    package var isTarget: [Bool]
    package var source: SourceLine

    package init(tokens: [Int32], isTarget: [Bool], source: SourceLine) {
        precondition(tokens.count == isTarget.count && isTarget.first != true, "a mark for each token")
        self.tokens = tokens
        self.isTarget = isTarget
        self.source = source
    }

    package var targets: Int { isTarget.count { $0 } }

    /// The example within `tokensMax` tokens: what is beyond is cut off, at the end.
    ///
    /// The beginning stays because answers mean nothing without what was asked. An answer that is cut does not teach
    /// its end.
    ///
    /// - Returns: nil when no target is left.
    package func cut(tokensMax: Int) -> RenderedExample? {
        let count = min(tokensMax, tokens.count)
        guard let last = isTarget.prefix(count).lastIndex(of: true) else { return nil }
        // What follows the last target teaches nothing.
        return RenderedExample(tokens: Array(tokens[...last]), isTarget: Array(isTarget[...last]), source: source)
    }
}
