import Assistant
import Dialogue

/// A whole answer, gathered from its events.
struct CollectedAnswer: Sendable {
    var start: AnswerStart?
    var text = ""
    var reasoning = ""
    var calls: [ToolCall] = []
    var tokens: [ScoredToken] = []
    var end = AnswerEnd(
        reason: .cancelled,
        usage: AnswerTokens(prompt: 0, cached: 0, completion: 0, firstTokenSeconds: 0, tokensPerSecond: 0))

    mutating func take(_ event: AnswerEvent) {
        switch event {
        case .started(let start): self.start = start
        case .text(let piece, let scored):
            text += piece
            tokens += scored
        case .reasoning(let piece): reasoning += piece
        case .toolCallStarted(_, let id, let name): calls.append(ToolCall(id: id, name: name, arguments: ""))
        case .toolCallArguments(let index, let fragment):
            if calls.indices.contains(index) { calls[index].arguments += fragment }
        case .finished(let end): self.end = end
        }
    }
}

extension AnswerEnd {
    /// Throws when the answer was cut off by a shutdown: it must not pass for a whole one.
    func requireWhole() throws {
        if reason == .cancelled { throw AssistantError.draining }
    }
}
