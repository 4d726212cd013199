/// "Don't repeat yourself": a token that would lengthen a passage already there costs the more, the longer it is.
///
/// A token that continues a repetition of n tokens, n >= allowedTokens, loses
///
///     multiplier * base ^ (n - allowedTokens)
///
/// from its score. A repetition never reaches across a breaker (a line's end, a quotation mark).
public struct DrySettings: Sendable, Equatable {
    /// 0 turns it off.
    public var multiplier: Float = 0
    public var base: Float = 1.75
    /// Repetitions shorter than this are free.
    public var allowedTokens = 2
    /// How many of the last tokens are looked at.
    public var windowTokensMax = 4096
    /// Token ids that end a repetition.
    public var breakers: Set<Int32> = []

    public init() {}
}
