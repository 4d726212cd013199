/// Why the engine takes no request, or cannot start.
public enum EngineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The queue is full, or the wait would be longer than it may be.
    case overloaded(retryAfterSeconds: Int)
    /// `shutdown` was called.
    case draining
    /// The prompt and one token do not fit.
    case promptTooLong(tokens: Int, limit: Int)
    case invalid(field: String, reason: String)
    /// The model computed something that is no number.
    case failed(String)
    /// The caller went away, or the engine was shut down.
    case cancelled
    case cannotStart(String)

    public var description: String {
        switch self {
        case .overloaded(let seconds): "the engine is busy; try again in \(seconds) s"
        case .draining: "the engine is shutting down and takes no new requests"
        case .promptTooLong(let tokens, let limit):
            "the prompt has \(tokens) tokens, at most \(limit) fit the context; shorten it or use a larger context"
        case .invalid(let field, let reason): "\(field): \(reason)"
        case .failed(let reason): reason
        case .cancelled: "the request was cancelled"
        case .cannotStart(let reason): "the engine cannot start: \(reason)"
        }
    }
}
