/// Why a generation ended.
public enum FinishReason: Sendable, Equatable {
    /// A stop token came.
    case stop
    /// As many tokens as asked for, or as the context holds.
    case length
    /// The reader went away, or the engine was shut down.
    case cancelled
    /// It waited longer than `EngineOptions.queueSecondsMax` and was never started.
    case overloaded(retryAfterSeconds: Int)
    /// The model computed something that is no number; the text says what.
    case failed(String)
}
