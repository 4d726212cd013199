/// Why answers cannot be sampled or judged. Every case says what, where, and what to do.
package enum TuningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A specification of a reward that is not understood: where it stands, which member, what is wrong.
    case reward(source: String, field: String, reason: String)
    /// There is nowhere to run a user's command.
    case noSandbox(reason: String)
    /// The engine did not answer.
    case rollout(reason: String)
    /// A prompt and an answer together are longer than a row, or than the model can take.
    case promptTooLong(source: String, tokens: Int, limit: Int)
    case noTasks(path: String, reason: String)

    package var description: String {
        switch self {
        case .reward(let source, let field, let reason): "\(source): \(field): \(reason)"
        case .noSandbox(let reason): "a command that judges answers runs in a sandbox only: \(reason)"
        case .rollout(let reason): "answers could not be sampled: \(reason)"
        case .promptTooLong(let source, let tokens, let limit):
            "\(source): the prompt has \(tokens) tokens, at most \(limit) are left beside an answer; raise --seq, or "
                + "lower --max-tokens"
        case .noTasks(let path, let reason): "\(path) has no task to learn from: \(reason)"
        }
    }
}
