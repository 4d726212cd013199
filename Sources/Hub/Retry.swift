/// Which failures pass by themselves, and how long to wait for that.
enum Retry {
    /// Seconds before the next attempt, or `nil` when another attempt is of no use.
    static func wait(after error: HubError, failures: Int, limits: HubLimits) -> Double? {
        let backoff = min(limits.backoffSecondsMax, limits.backoffSeconds * Double(1 << min(failures, 20)))
        switch error {
        case .unreachable(_, let reason): return reason.contains("name is not known") ? nil : backoff
        case .status(_, let code, let hint) where code == 429 || code >= 500:
            let asked = hint.removingPrefix(retryAfter).flatMap { Double($0) } ?? 0
            return asked > limits.retryAfterSecondsMax ? nil : max(backoff, asked)
        default: return nil
        }
    }

    private static let retryAfter = "retry after seconds: "

    static func error(_ head: HTTPClient.Head, _ shown: String) -> HubError {
        let hint =
            switch head.status {
            case 401, 403:
                "access is refused; a gated model needs a token (HF_TOKEN, MODELSCOPE_API_TOKEN) and its terms accepted"
            case 404: "there is no such model or file"
            case 429, 503: head["retry-after"].flatMap { Double($0) }.map { "\(retryAfter)\($0)" } ?? "busy"
            default: ""
            }
        return .status(url: shown, code: head.status, hint: hint)
    }
}
