import Assistant
import Dialogue
import Foundation
import Inference

/// A model of this machine, through the engine that serves it.
///
///     let model = LocalModel(assistant, identity: try ModelIdentity(path: path).hash)
///     try await model.score(" Paris", after: "The capital of France is")
package struct LocalModel: EvaluatedModel {
    package let assistant: Assistant
    package let identity: String

    package init(_ assistant: Assistant, identity: String) {
        self.assistant = assistant
        self.identity = identity
    }

    /// Options of an engine that many questions wait for.
    package static func options(_ options: AssistantOptions) -> AssistantOptions {
        var options = options
        options.queueMax = 1 << 16
        options.queueSecondsMax = 7 * 86_400
        // Scores and answers are to be the same whatever was guessed before.
        options.speculation = .off
        return options
    }

    package func score(_ continuation: String, after context: String) async throws -> ContinuationScore {
        let (head, tail) = tokens(context, continuation)
        let scores = try await assistant.scores(of: tail, after: head)
        return ContinuationScore(
            logProbability: scores.reduce(0) { $0 + Double($1.logProbability ?? 0) }, tokens: scores.count,
            isGreedy: scores.allSatisfy { $0.alternatives.first?.id == $0.id })
    }

    /// Both texts in tokens, cut where lm-evaluation-harness cuts them: white space between them belongs to the
    /// second, and tokens are those of the whole text, so that none begins otherwise than the model knows it.
    func tokens(_ context: String, _ continuation: String) -> (head: [Int32], tail: [Int32]) {
        let trimmed = String(context.reversed().drop(while: \.isWhitespace).reversed())
        let space = String(context.dropFirst(trimmed.count))
        var head = assistant.encode(trimmed, addBOS: true)
        var whole = assistant.encode(trimmed + space + continuation, addBOS: true)
        if head.isEmpty, let begin = assistant.beginToken {
            head = [begin]
            whole = head + whole
        }
        let tail = Array(whole.dropFirst(head.count))
        return tail.isEmpty ? (head, assistant.encode(space + continuation)) : (head, tail)
    }

    package func bits(of text: String, windowTokens: Int) async throws -> TextBits {
        let tokens = assistant.encode(text)
        var nats = 0.0
        for start in stride(from: 0, to: tokens.count, by: windowTokens) {
            let window = Array(tokens[start..<min(tokens.count, start + windowTokens)])
            // A window's first token is seen after the last one of the window before.
            guard let before = start > 0 ? tokens[start - 1] : assistant.beginToken else { continue }
            nats -= try await assistant.scores(of: window, after: [before])
                .reduce(0) { $0 + Double($1.logProbability ?? 0) }
        }
        return TextBits(bits: nats / log(2), bytes: text.utf8.count)
    }

    package func answer(_ prompt: Prompt, tokensMax: Int, stops: [String]) async throws -> GeneratedText {
        let stream: AnswerStream
        switch prompt {
        case .text(let text):
            stream = try await assistant.complete(
                CompletionRequest(prompt: .text(text), sampling: .greedy, tokensMax: tokensMax, stops: stops))
        case .chat(let messages):
            stream = try await assistant.chat(
                ChatRequest(messages: messages, sampling: .greedy, tokensMax: tokensMax, stops: stops))
        }
        var written = GeneratedText(text: "", isCut: false)
        for try await event in stream {
            switch event {
            case .text(let text, _): written.text += text
            case .finished(let end):
                if end.reason == .cancelled { throw CancellationError() }
                written.isCut = end.reason == .length
            default: break
            }
        }
        try Task.checkCancellation()
        return written
    }
}
