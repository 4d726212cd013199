/// Why there is no answer. The server maps each case to a status in one place.
public enum AssistantError: Error, CustomStringConvertible, Equatable {
    case contextExceeded(promptTokens: Int, contextTokens: Int)
    case promptTooLong(bytes: Int, limit: Int)
    case invalidRequest(field: String, reason: String)
    case overloaded(retryAfterSeconds: Int)
    case draining
    case deadlineExceeded(seconds: Double)
    case template(String)
    case cannotLoad(path: String, reason: String)
    case adapter(name: String, reason: String)
    case engine(String)

    public var description: String {
        switch self {
        case .contextExceeded(let prompt, let context):
            "The prompt has \(prompt) tokens, but this model's context is \(context) tokens. Shorten the messages."
        case .promptTooLong(let bytes, let limit):
            "The prompt has \(bytes) bytes, the limit is \(limit). Shorten the messages."
        case .invalidRequest(let field, let reason): "\(field): \(reason)"
        case .overloaded(let seconds): "The server is busy. Try again in \(seconds) s."
        case .draining: "The server is shutting down and takes no new requests."
        case .deadlineExceeded(let seconds): "The answer took longer than the limit of \(seconds) s."
        case .template(let reason): "The model's chat template failed: \(reason)"
        case .cannotLoad(let path, let reason): "Cannot load the model \(path): \(reason)"
        case .adapter(let name, let reason): "Cannot use the adapter \(name): \(reason)"
        case .engine(let reason): "The engine failed: \(reason)"
        }
    }
}
