/// Guessing how answers go on, and checking several guesses in one step: docs/speculation.md.
///
/// The answers are the same with and without, token for token; only their speed differs.
public struct SpeculationOptions: Sendable, Equatable {
    public enum Mode: String, Sendable, CaseIterable {
        /// Passages that came before, and the draft model where there is one.
        case auto
        /// Passages that came before only.
        case lookup
        case off
    }

    public var mode = Mode.auto
    /// Proposals of one sequence in a step.
    public var sequenceProposalsMax = 16
    /// Proposals of all sequences in a step; with more sequences than this, nothing is proposed.
    public var stepProposalsMax = 32
    /// Tokens that the draft model writes ahead of a sequence.
    public var draftTokensMax = 8
    /// Tokens whose keys and values the draft model keeps, of all sequences; nil: one whole context.
    public var draftCacheTokens: Int?
    /// Prompt tokens that the draft model reads before a step; the answers wait for it.
    public var draftPromptTokensMax = 128
    /// The last tokens of prompt and answer in which passages are looked up; up to twice as many are indexed.
    public var lookupTokensMax = 32_768

    public init() {}
}
