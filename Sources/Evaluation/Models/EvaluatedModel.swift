import Dialogue

/// What is judged: something that finds texts probable and goes on with them.
package protocol EvaluatedModel: Sendable {
    /// Changes with anything that its answers depend on; answers are kept under it.
    var identity: String { get }

    /// How probable it is that one text follows another; the first may be empty.
    func score(_ continuation: String, after context: String) async throws -> ContinuationScore

    /// How surprised the model is by a text, in pieces of so many tokens.
    func bits(of text: String, windowTokens: Int) async throws -> TextBits

    /// What the model writes, always choosing what it finds most probable.
    func answer(_ prompt: Prompt, tokensMax: Int, stops: [String]) async throws -> GeneratedText
}

/// What is put before a model that shall write.
package enum Prompt: Sendable, Equatable {
    /// Text to go on with.
    case text(String)
    /// A conversation, in the model's own template.
    case chat([Message])
}

/// How a model sees a text after another.
package struct ContinuationScore: Sendable, Equatable {
    /// The sum over its tokens, in nats.
    package var logProbability: Double
    package var tokens: Int
    /// Whether the model, always choosing the most probable token, would have written it.
    package var isGreedy: Bool

    package init(logProbability: Double, tokens: Int, isGreedy: Bool) {
        self.logProbability = logProbability
        self.tokens = tokens
        self.isGreedy = isGreedy
    }
}

/// The information that a text holds for a model.
package struct TextBits: Sendable, Equatable {
    package var bits: Double
    package var bytes: Int

    package init(bits: Double, bytes: Int) {
        self.bits = bits
        self.bytes = bytes
    }
}

/// What a model wrote.
package struct GeneratedText: Sendable, Equatable {
    package var text: String
    /// It was not done when it had written as much as it might.
    package var isCut: Bool

    package init(text: String, isCut: Bool) {
        self.text = text
        self.isCut = isCut
    }
}
