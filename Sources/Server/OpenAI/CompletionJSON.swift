import Assistant
import JSON

/// The bodies of `/v1/completions`, with the logprobs of the old form: parallel arrays.
struct CompletionJSON {
    let id: String
    let created: Int
    let model: String
    let fields: CompletionFields

    func completion(_ answers: [CollectedAnswer]) -> JSONValue {
        let choices = answers.enumerated().map { place, answer in
            let prompt = fields.echoes ? echo(of: answer.start, choice: place) : ""
            let tokens = (fields.echoes ? answer.start?.scoredPrompt ?? [] : []) + answer.tokens
            return choice(place, text: prompt + answer.text, tokens: tokens, finish: answer.end.reason)
        }
        return envelope(choices: choices, usage: answers.map(\.end.usage))
    }

    func chunk(for event: AnswerEvent, choice place: Int) -> JSONValue? {
        switch event {
        case .started(let start):
            guard fields.echoes else { return nil }
            let text = echo(of: start, choice: place)
            return envelope(choices: [choice(place, text: text, tokens: start.scoredPrompt, finish: nil)], usage: nil)
        case .text(let text, let tokens):
            return envelope(choices: [choice(place, text: text, tokens: tokens, finish: nil)], usage: nil)
        case .finished(let end):
            return envelope(choices: [choice(place, text: "", tokens: [], finish: end.reason)], usage: nil)
        case .reasoning, .toolCallStarted, .toolCallArguments: return nil
        }
    }

    func envelope(choices: [JSONValue], usage: [AnswerTokens]?) -> JSONValue {
        var object = JSONObject([
            ("id", .string(id)), ("object", "text_completion"), ("created", .int(created)), ("model", .string(model)),
            ("choices", .array(choices)),
        ])
        if let usage { object["usage"] = ChatCompletionJSON.usage(usage) }
        return .object(object)
    }

    private func echo(of start: AnswerStart?, choice: Int) -> String {
        if let text = fields.promptTexts[choice] { return text }
        return String(decoding: (start?.scoredPrompt ?? []).flatMap(\.bytes), as: UTF8.self)
    }

    private func choice(_ place: Int, text: String, tokens: [ScoredToken], finish: AnswerEnd.Reason?) -> JSONValue {
        [
            "index": .int(place), "text": .string(text),
            "logprobs": fields.logProbabilities == nil ? .null : logprobs(tokens),
            "finish_reason": finish.map { .string($0.openAI) } ?? .null,
        ]
    }

    private func logprobs(_ tokens: [ScoredToken]) -> JSONValue {
        var offset = 0
        let offsets = tokens.map { token -> JSONValue in
            defer { offset += token.text.unicodeScalars.count }
            return .int(offset)
        }
        return [
            "tokens": .array(tokens.map { .string($0.text) }),
            "token_logprobs": .array(tokens.map { $0.logProbability.map(JSONValue.double) ?? .null }),
            "top_logprobs": .array(tokens.map(top)),
            "text_offset": .array(offsets),
        ]
    }

    private func top(_ token: ScoredToken) -> JSONValue {
        guard token.logProbability != nil else { return .null }
        return .object(
            JSONObject(
                token.alternatives.map { (String(decoding: $0.bytes, as: UTF8.self), .double($0.logProbability)) }))
    }
}
