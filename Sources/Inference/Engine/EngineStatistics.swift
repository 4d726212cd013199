/// What the engine has done since it started, and what it does now. Counters only grow.
public struct EngineStatistics: Sendable, Equatable {
    /// Tokens of the prompts that were started.
    public var promptTokens = 0
    /// Those of them that a cached prefix, or another request computing the same one, spared.
    public var cachedTokens = 0
    /// Tokens generated and reported.
    public var generatedTokens = 0
    /// Tokens computed again after their sequence had to give up its memory.
    public var recomputedTokens = 0
    /// How often a sequence had to give up its memory to an older one.
    public var preemptions = 0
    /// Tokens of answers that were guessed and checked, and those of them that were right: `SpeculationOptions`.
    public var proposedTokens = 0
    public var acceptedTokens = 0
    /// Steps with such guesses.
    public var speculativeSteps = 0
    /// Time that the draft model took.
    public var draftSeconds = 0.0
    /// Pages of the draft model's own cache, in use by sequences or kept for their next turn.
    public var draftPagesUsed = 0
    public var draftPagesTotal = 0

    public var running = 0
    public var waiting = 0
    public var finishedByStop = 0
    public var finishedByLength = 0
    public var finishedByCancellation = 0
    /// Refused because of a full queue or a long wait.
    public var overloaded = 0
    public var failed = 0
    /// Embeddings made; their prompts count as prompt tokens too.
    public var embeddings = 0

    public var steps = 0
    /// Time of steps that computed prompts, with the tokens generated beside them.
    public var prefillSeconds = 0.0
    /// Time of steps that only generated.
    public var decodeSeconds = 0.0

    /// Pages of 32 tokens in use by sequences or cached prefixes.
    public var cachePagesUsed = 0
    public var cachePagesTotal = 0

    /// From the request to its first token.
    public var firstTokenSeconds = Histogram(bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 120])
    /// Between two tokens of one answer.
    public var tokenGapSeconds = Histogram(bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5])

    public init() {}
}
