/// Bounds on what the hub accepts and how long it waits; units are in the names.
public struct HubLimits: Sendable {
    /// One file, and one model in all.
    public var downloadBytesMax = 256 << 30
    /// An answer of an API or index.
    public var answerBytesMax = 32 << 20
    public var redirectsMax = 8
    /// Until an answer's head arrives while another source could be tried.
    public var firstAnswerSeconds = 6.0
    /// Until an answer's head arrives later on.
    public var headSeconds = 30.0
    /// Without one byte in the middle of an answer.
    public var idleSeconds = 30.0
    /// Attempts in a row that brought no byte.
    public var attemptsMax = 5
    public var backoffSeconds = 0.5
    public var backoffSecondsMax = 20.0
    /// The longest Retry-After that is obeyed.
    public var retryAfterSecondsMax = 60.0
    /// What one range request asks for.
    public var chunkBytes = 16 << 20
    /// Ranges of one file, or packages of one model, fetched at once.
    public var connectionsMax = 4
    /// Files of one model.
    public var filesMax = 1000
    /// Entries of one archive that are read.
    public var archiveEntriesMax = 20_000
    /// Left free on the disk beside the model.
    public var spareBytes = 64 << 20

    public init() {}
}
