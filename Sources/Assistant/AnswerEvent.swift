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

public struct AnswerStart: Sendable {
    public var promptTokens: Int
    /// Prompt tokens that were not computed again.
    public var cachedTokens: Int
    /// Turns that were dropped to fit the context.
    public var droppedTurns: Int
    /// The prompt's tokens with their log-probabilities, when asked for; the first has none.
    public var scoredPrompt: [ScoredToken]

    public init(promptTokens: Int, cachedTokens: Int = 0, droppedTurns: Int = 0, scoredPrompt: [ScoredToken] = []) {
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.droppedTurns = droppedTurns
        self.scoredPrompt = scoredPrompt
    }
}

/// A token with its natural-logarithm probability.
public struct ScoredToken: Sendable, Equatable {
    public struct Alternative: Sendable, Equatable {
        public var bytes: [UInt8]
        public var logProbability: Double

        public init(bytes: [UInt8], logProbability: Double) {
            self.bytes = bytes
            self.logProbability = logProbability
        }
    }

    public var id: Int32
    /// The token's bytes: a piece of a character can be a token.
    public var bytes: [UInt8]
    /// nil for the first token of a prompt, which nothing precedes.
    public var logProbability: Double?
    public var alternatives: [Alternative]

    public init(id: Int32, bytes: [UInt8], logProbability: Double?, alternatives: [Alternative] = []) {
        self.id = id
        self.bytes = bytes
        self.logProbability = logProbability
        self.alternatives = alternatives
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

public struct AnswerEnd: Sendable, Equatable {
    public enum Reason: String, Sendable {
        case stop
        case length
        case toolCalls = "tool_calls"
        case cancelled
    }

    public var reason: Reason
    public var usage: AnswerTokens

    public init(reason: Reason, usage: AnswerTokens) {
        self.reason = reason
        self.usage = usage
    }
}

/// Token counts and times of one answer, as the engine counted them.
public struct AnswerTokens: Sendable, Equatable {
    public var prompt: Int
    public var cached: Int
    public var completion: Int
    /// From the request to its first token.
    public var firstTokenSeconds: Double
    /// Completion tokens per second after the first.
    public var tokensPerSecond: Double

    public init(
        prompt: Int, cached: Int = 0, completion: Int, firstTokenSeconds: Double = 0, tokensPerSecond: Double = 0
    ) {
        self.prompt = prompt
        self.cached = cached
        self.completion = completion
        self.firstTokenSeconds = firstTokenSeconds
        self.tokensPerSecond = tokensPerSecond
    }
}
