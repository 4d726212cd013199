/// What happens while an answer is written, in order: `started`, then text, reasoning and tool calls, then `finished`.
public enum AnswerEvent: Sendable {
    case started(AnswerStart)
    /// Whole characters of the answer, never part of a stop string, with the tokens that made them when asked for.
    case text(String, [ScoredToken])
    /// What a reasoning model thinks before it answers.
    case reasoning(String)
    case toolCallStarted(index: Int, id: String, name: String)
    /// The next piece of a call's arguments, as JSON text.
    case toolCallArguments(index: Int, fragment: String)
    case finished(AnswerEnd)
}
