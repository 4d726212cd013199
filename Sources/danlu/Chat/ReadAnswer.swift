import Assistant
import Dialogue
import JSON

/// An answer as far as it came.
struct ReadAnswer: Sendable {
    var text = ""
    var reasoning = ""
    var start: AnswerStart?
    /// Nil when the reader went away before it came.
    var end: AnswerEnd?

    /// Ctrl-C ended it.
    var isStopped: Bool { end == nil || end?.reason == .cancelled }

    var message: Message {
        Message(role: .assistant, content: text, reasoning: reasoning.isEmpty ? nil : reasoning)
    }

    func json(model: String) -> JSONValue {
        var message = JSONObject([("role", "assistant"), ("content", .string(text))])
        if !reasoning.isEmpty { message["reasoning"] = .string(reasoning) }
        var answer = JSONObject([
            ("model", .string(model)), ("message", .object(message)),
            ("finish_reason", .string((end?.reason ?? .cancelled).rawValue)),
        ])
        if let dropped = start?.droppedTurns, dropped > 0 { answer["dropped_turns"] = .int(dropped) }
        if let usage = end?.usage {
            answer["usage"] = [
                "prompt_tokens": .int(usage.prompt), "cached_tokens": .int(usage.cached),
                "completion_tokens": .int(usage.completion),
            ]
            answer["first_token_seconds"] = .double(usage.firstTokenSeconds)
            answer["tokens_per_second"] = .double(usage.tokensPerSecond)
        }
        return .object(answer)
    }
}
