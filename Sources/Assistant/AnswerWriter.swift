import Inference
import Templates
import Tokens

/// Turns tokens into answer events: whole characters, no part of a stop string, tool calls taken apart.
///
/// A pure value: `AnswerStream` feeds it and does the waiting. Times are seconds since the request.
package struct AnswerWriter: Sendable {
    private let tokenizer: Tokenizer
    private let droppedTurns: Int
    private var decoder: StreamingDecoder
    private var matcher: StopMatcher
    private var parser: ToolCallParser?
    private var scored: [ScoredToken] = []
    private var scoredPrompt: [ScoredToken] = []
    private var tokens = AnswerTokens(prompt: 0, cached: 0, completion: 0, firstTokenSeconds: 0, tokensPerSecond: 0)
    private var hasToolCalls = false

    package init(tokenizer: Tokenizer, stops: [String], parser: ToolCallParser?, droppedTurns: Int) {
        self.tokenizer = tokenizer
        self.droppedTurns = droppedTurns
        self.parser = parser
        decoder = StreamingDecoder(tokenizer)
        matcher = StopMatcher(stops)
    }

    /// A stop string was met: no more tokens are wanted.
    package var hasStopped: Bool { matcher.hasStopped }

    package mutating func started(promptTokens: Int, cachedTokens: Int) {
        tokens.prompt = promptTokens
        tokens.cached = cachedTokens
    }

    package mutating func scorePrompt(_ prompt: [TokenScore]) {
        scoredPrompt += prompt.map(score)
    }

    /// The first event, once the prompt is done with.
    package func start() -> AnswerEvent {
        .started(
            AnswerStart(
                promptTokens: tokens.prompt, cachedTokens: tokens.cached, droppedTurns: droppedTurns,
                scoredPrompt: scoredPrompt))
    }

    package mutating func token(_ id: Int32, score: TokenScore?, seconds: Double) -> [AnswerEvent] {
        tokens.completion += 1
        if tokens.completion == 1 {
            tokens.firstTokenSeconds = seconds
        } else if seconds > tokens.firstTokenSeconds {
            tokens.tokensPerSecond = Double(tokens.completion - 1) / (seconds - tokens.firstTokenSeconds)
        }
        if let score { scored.append(self.score(score)) }
        return events(for: matcher.append(decoder.append(id)))
    }

    /// What was held back, and the end.
    package mutating func finish(_ reason: AnswerEnd.Reason) -> [AnswerEvent] {
        var text = ""
        // What the decoder still holds is half a character, cut off by the answer's end: nothing to show.
        if !matcher.hasStopped { text = matcher.finish() }
        var events = self.events(for: text)
        if var last = parser {
            events += pieces(last.finish())
            parser = last
        }
        if !scored.isEmpty { events.append(.text("", takeScored())) }
        let reason = hasToolCalls && reason == .stop ? .toolCalls : reason
        return events + [.finished(AnswerEnd(reason: reason, usage: tokens))]
    }

    private mutating func events(for text: String) -> [AnswerEvent] {
        guard !text.isEmpty else { return [] }
        guard var current = parser else { return [.text(text, takeScored())] }
        defer { parser = current }
        return pieces(current.append(text))
    }

    private mutating func pieces(_ pieces: [ToolCallParser.Piece]) -> [AnswerEvent] {
        pieces.map { piece in
            switch piece {
            case .content(let text): return .text(text, takeScored())
            case .reasoning(let text): return .reasoning(text)
            case .toolCallStarted(let index, let id, let name):
                hasToolCalls = true
                return .toolCallStarted(index: index, id: id, name: name)
            case .toolCallArguments(let index, let fragment):
                return .toolCallArguments(index: index, fragment: fragment)
            }
        }
    }

    private mutating func takeScored() -> [ScoredToken] {
        defer { scored = [] }
        return scored
    }

    private func score(_ score: TokenScore) -> ScoredToken {
        ScoredToken(
            id: score.id, bytes: tokenizer.bytes(of: score.id), logProbability: score.logProbability.map(Double.init),
            alternatives: score.alternatives.map {
                ScoredToken.Alternative(bytes: tokenizer.bytes(of: $0.id), logProbability: Double($0.logProbability))
            })
    }
}
