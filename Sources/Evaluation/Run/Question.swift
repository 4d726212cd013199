import Dialogue
import JSON

/// One thing that a model is asked.
enum Question: Sendable {
    case score(continuation: String, context: String)
    case bits(text: String, windowTokens: Int)
    case answer(Prompt, tokensMax: Int, stops: [String])

    /// The name under which its answer by a model is kept.
    func key(_ identity: String) -> String { Hashing.hash(identity + "\n" + json.serialized()) }

    private var json: JSONValue {
        switch self {
        case .score(let continuation, let context): ["score": .string(continuation), "after": .string(context)]
        case .bits(let text, let windowTokens): ["bits": .string(text), "window": .int(windowTokens)]
        case .answer(let prompt, let tokensMax, let stops):
            [
                "answer": Self.json(prompt), "tokens": .int(tokensMax), "stops": .array(stops.map { .string($0) }),
            ]
        }
    }

    private static func json(_ prompt: Prompt) -> JSONValue {
        switch prompt {
        case .text(let text): .string(text)
        case .chat(let messages):
            .array(messages.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] })
        }
    }

    func ask(_ model: any EvaluatedModel) async throws -> Answer {
        switch self {
        case .score(let continuation, let context): .score(try await model.score(continuation, after: context))
        case .bits(let text, let window): .bits(try await model.bits(of: text, windowTokens: window))
        case .answer(let prompt, let tokensMax, let stops):
            .text(try await model.answer(prompt, tokensMax: tokensMax, stops: stops))
        }
    }
}

/// What a model said to a question.
enum Answer: Sendable, Equatable {
    case score(ContinuationScore)
    case bits(TextBits)
    case text(GeneratedText)

    var json: JSONObject {
        switch self {
        case .score(let score):
            [
                "log_probability": .double(score.logProbability), "tokens": .int(score.tokens),
                "greedy": .bool(score.isGreedy),
            ]
        case .bits(let bits): ["bits": .double(bits.bits), "bytes": .int(bits.bytes)]
        case .text(let text): ["text": .string(text.text), "cut": .bool(text.isCut)]
        }
    }

    init?(_ json: JSONValue) {
        if let text = json["text"]?.string, let isCut = json["cut"]?.bool {
            self = .text(GeneratedText(text: text, isCut: isCut))
        } else if let bits = json["bits"]?.double, let bytes = json["bytes"]?.int {
            self = .bits(TextBits(bits: bits, bytes: bytes))
        } else if let sum = json["log_probability"]?.double, let tokens = json["tokens"]?.int,
            let isGreedy = json["greedy"]?.bool
        {
            self = .score(ContinuationScore(logProbability: sum, tokens: tokens, isGreedy: isGreedy))
        } else {
            return nil
        }
    }
}
