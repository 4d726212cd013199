public import Kernels

/// The engine's limits; units are last in the names.
public struct EngineOptions: Sendable {
    /// Tokens of one sequence, prompt and answer. nil: what the model was trained for, but not above
    /// `contextTokensDefaultMax`.
    public var contextTokens: Int?
    /// Tokens whose keys and values are kept, of running sequences and cached prefixes in all; at least
    /// `contextTokens`. nil: the larger of `contextTokens` and `cacheTokensDefault`.
    public var cacheTokens: Int?
    /// How keys and values are stored.
    public var cacheElement = KVStorage.Element.f16
    /// Sequences that are computed at once.
    public var sequencesMax = 16
    /// Requests that may wait; more are refused with `EngineError.overloaded`.
    public var queueMax = 64
    /// How long a request may wait. One that is expected to wait longer is refused at once.
    public var queueSecondsMax = 120.0
    /// Prompt tokens computed in one step, of all prompts together.
    public var prefillChunkTokens = 512
    /// While answers are being written, prompts take no more of a step than about this long, so that text keeps
    /// flowing.
    public var tokenGapSecondsMax = 0.4
    /// Memory for rows of prompt scores in one step; it bounds how many tokens of a scored prompt a step takes.
    public var scoreBytesMax = 32 << 20
    /// Texts of one `embed` call.
    public var embeddingsMax = 2048
    /// Guessing how answers go on.
    public var speculation = SpeculationOptions()
    /// How far all threads that compute step back behind others on this machine (Linux; 0...19). The thread that
    /// leads is needed for every product, so one that steps back alone slows all of them, and for nothing: whoever
    /// serves requests sleeps most of the time, and goes first when it wakes.
    public var niceness = 0

    public init() {}

    public static let contextTokensDefaultMax = 8192
    public static let cacheTokensDefault = 16_384
}
