import Assistant
import JSON

/// The bodies of `/v1/completions`, with the logprobs of the old form: parallel arrays.
struct CompletionJSON {
    let id: String
    let created: Int
    let model: String
    let fields: CompletionFields
    /// The text of each choice's prompt, for `echo`.
    let promptTexts: [String]

    func completion(_ answers: [CollectedAnswer]) -> JSONValue {
        let choices = answers.enumerated().map { place, answer in
            let tokens = (fields.echoes ? answer.start?.scoredPrompt ?? [] : []) + answer.tokens
            let text = (fields.echoes ? promptTexts[place] : "") + answer.text
            var offset = 0
            return choice(place, text: text, tokens: tokens, offset: &offset, finish: answer.end.reason)
        }
        return .object(envelope(choices: choices, usage: usage(answers.map(\.end.usage))))
    }

    /// The next chunk of a stream, or nil where an event has none.
    ///
    /// - Parameter offset: where the choice's text has come to, in Unicode scalars.
    func chunk(for event: AnswerEvent, choice place: Int, offset: inout Int) -> JSONValue? {
        switch event {
        case .started(let start):
            guard fields.echoes else { return nil }
            return chunk(
                choice(place, text: promptTexts[place], tokens: start.scoredPrompt, offset: &offset, finish: nil))
        case .text(let text, let tokens):
            return chunk(choice(place, text: text, tokens: tokens, offset: &offset, finish: nil))
        case .finished(let end):
            return chunk(choice(place, text: "", tokens: [], offset: &offset, finish: end.reason))
        case .reasoning, .toolCallStarted, .toolCallArguments: return nil
        }
    }

    func usageChunk(_ answers: [AnswerTokens]) -> JSONValue {
        .object(envelope(choices: [], usage: usage(answers)))
    }

    private func usage(_ answers: [AnswerTokens]) -> JSONValue {
        ChatCompletionJSON.usage(answers, choicesEach: fields.choices)
    }

    private func chunk(_ choice: JSONValue) -> JSONValue {
        .object(envelope(choices: [choice], usage: fields.includesUsage ? .null : nil))
    }

    private func envelope(choices: [JSONValue], usage: JSONValue?) -> JSONObject {
        var object = JSONObject([
            ("id", .string(id)), ("object", "text_completion"), ("created", .int(created)), ("model", .string(model)),
            ("system_fingerprint", "danlu"), ("choices", .array(choices)),
        ])
        object["usage"] = usage
        return object
    }

    private func choice(
        _ place: Int, text: String, tokens: [ScoredToken], offset: inout Int, finish: AnswerEnd.Reason?
    ) -> JSONValue {
        [
            "index": .int(place), "text": .string(text),
            "logprobs": fields.logProbabilities == nil ? .null : Self.logprobs(tokens, offset: &offset),
            "finish_reason": finish.map { .string($0.openAI) } ?? .null,
        ]
    }

    private static func logprobs(_ tokens: [ScoredToken], offset: inout Int) -> JSONValue {
        var offsets: [JSONValue] = []
        for token in tokens {
            offsets.append(.int(offset))
            // A character counts with the token that has its first byte.
            offset += token.bytes.count { $0 & 0xC0 != 0x80 }
        }
        return [
            "tokens": .array(tokens.map { .string(name(of: $0.bytes)) }),
            "token_logprobs": .array(tokens.map { $0.logProbability.map(JSONValue.double) ?? .null }),
            "top_logprobs": .array(tokens.map(top)),
            "text_offset": .array(offsets),
        ]
    }

    /// The most probable tokens by name, and the token that came even when it is not one of them.
    private static func top(_ token: ScoredToken) -> JSONValue {
        guard let own = token.logProbability else { return .null }
        var table = JSONObject(token.alternatives.map { (name(of: $0.bytes), .double($0.logProbability)) })
        if table[name(of: token.bytes)] == nil { table[name(of: token.bytes)] = .double(own) }
        return .object(table)
    }

    /// A token's text; one that is part of a character is written as OpenAI writes it, or several would be one name.
    private static func name(of bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return "bytes:" + bytes.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
