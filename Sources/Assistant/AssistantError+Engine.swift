import Inference

extension AssistantError {
    /// The one place where the engine's errors become ours.
    package init(_ error: EngineError) {
        self =
            switch error {
            case .overloaded(let seconds): .overloaded(retryAfterSeconds: seconds)
            // Of a caller that is still there, only shutting down cancels.
            case .draining, .cancelled: .draining
            case .promptTooLong(let tokens, let limit): .contextExceeded(promptTokens: tokens, contextTokens: limit)
            case .invalid(let field, let reason): .invalidRequest(field: field, reason: reason)
            case .failed(let reason), .cannotStart(let reason): .engine(reason)
            }
    }
}

extension AnswerEnd.Reason {
    /// - Throws: `AssistantError` when the generation did not end as an answer does.
    package init(_ reason: FinishReason) throws(AssistantError) {
        switch reason {
        case .stop: self = .stop
        case .length: self = .length
        case .cancelled: self = .cancelled
        case .overloaded(let seconds): throw .overloaded(retryAfterSeconds: seconds)
        case .failed(let reason): throw .engine(reason)
        }
    }
}
