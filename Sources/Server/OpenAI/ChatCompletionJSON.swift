import Assistant
import JSON

/// The bodies of `/v1/chat/completions`: one `chat.completion`, or `chat.completion.chunk`s.
struct ChatCompletionJSON {
    let id: String
    let created: Int
    let model: String
    /// The last chunk has the usage, and every other one a null in its place, as OpenAI's do.
    let includesUsage: Bool

    /// One chunk of a stream. `finish_reason` is always present: null until the last chunk of a choice.
    func chunk(choice: Int, delta: JSONValue, logprobs: JSONValue? = nil, finish: AnswerEnd.Reason? = nil) -> JSONValue
    {
        var object = envelope(
            "chat.completion.chunk",
            choices: [
                [
                    "index": .int(choice), "delta": delta, "logprobs": logprobs ?? .null,
                    "finish_reason": finish.map { .string($0.openAI) } ?? .null,
                ]
            ])
        if includesUsage { object["usage"] = .null }
        return .object(object)
    }

    /// The chunk after the last choice, when `stream_options.include_usage` asks for it.
    func usageChunk(_ usage: JSONValue) -> JSONValue {
        var object = envelope("chat.completion.chunk", choices: [])
        object["usage"] = usage
        return .object(object)
    }

    func completion(_ answers: [CollectedAnswer], withLogProbabilities: Bool) -> JSONValue {
        let choices = answers.enumerated().map { place, answer -> JSONValue in
            [
                "index": .int(place), "message": Self.message(answer),
                "logprobs": withLogProbabilities ? Self.logprobs(answer.tokens) : .null,
                "finish_reason": .string(answer.end.reason.openAI),
            ]
        }
        var object = envelope("chat.completion", choices: choices)
        object["usage"] = Self.usage(answers.map(\.end.usage))
        return .object(object)
    }

    private func envelope(_ kind: String, choices: [JSONValue]) -> JSONObject {
        [
            "id": .string(id), "object": .string(kind), "created": .int(created), "model": .string(model),
            "system_fingerprint": "danlu", "choices": .array(choices),
        ]
    }

    private static func message(_ answer: CollectedAnswer) -> JSONValue {
        var message = JSONObject([
            ("role", "assistant"),
            ("content", answer.text.isEmpty && !answer.calls.isEmpty ? .null : .string(answer.text)),
            ("refusal", .null),
        ])
        if !answer.reasoning.isEmpty { message["reasoning_content"] = .string(answer.reasoning) }
        if !answer.calls.isEmpty {
            message["tool_calls"] = .array(
                answer.calls.map { call in
                    [
                        "id": .string(call.id), "type": "function",
                        "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                    ]
                })
        }
        return .object(message)
    }

    /// Tokens of all answers together. A prompt counts once, however many choices it has.
    static func usage(_ answers: [AnswerTokens], choicesEach: Int? = nil) -> JSONValue {
        let prompts = stride(from: 0, to: answers.count, by: choicesEach ?? max(1, answers.count)).map { answers[$0] }
        let prompt = prompts.reduce(0) { $0 + $1.prompt }
        let completion = answers.reduce(0) { $0 + $1.completion }
        return [
            "prompt_tokens": .int(prompt), "completion_tokens": .int(completion),
            "total_tokens": .int(prompt + completion),
            "prompt_tokens_details": ["cached_tokens": .int(prompts.reduce(0) { $0 + $1.cached })],
        ]
    }

    static func logprobs(_ tokens: [ScoredToken]) -> JSONValue {
        ["content": .array(tokens.map(entry)), "refusal": .null]
    }

    private static func entry(_ token: ScoredToken) -> JSONValue {
        [
            "token": .string(token.text), "logprob": .double(token.logProbability ?? 0), "bytes": bytes(token.bytes),
            "top_logprobs": .array(
                token.alternatives.map { other in
                    [
                        "token": .string(String(decoding: other.bytes, as: UTF8.self)),
                        "logprob": .double(other.logProbability), "bytes": bytes(other.bytes),
                    ]
                }),
        ]
    }

    private static func bytes(_ bytes: [UInt8]) -> JSONValue { .array(bytes.map { .int(Int($0)) }) }
}

extension AnswerEnd.Reason {
    /// OpenAI has no word for an answer that was cancelled; none leaves the server as a whole one.
    var openAI: String { self == .cancelled ? "stop" : rawValue }
}
