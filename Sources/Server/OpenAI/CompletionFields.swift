import Assistant
import Inference
import JSON

/// `POST /v1/completions` as the client wrote it, checked: each prompt has `choices` answers.
package struct CompletionFields {
    var prompts: [CompletionRequest.Prompt]
    var choices: Int
    var template: CompletionRequest
    var dryBreakers: [String]
    var model: String?
    var adapters: [AdapterChoice]?
    var streams: Bool
    var includesUsage: Bool
    var echoes: Bool
    var logProbabilities: Int?

    package init(_ body: RequestFields, limits: ServerLimits, owner: String) throws {
        guard try body.string("suffix") ?? "" == "" else { throw APIError.unsupported("suffix", "is not supported.") }
        model = try body.string("model")
        adapters = try body.adapters()
        streams = try body.bool("stream") ?? false
        includesUsage = try body.includesUsage(streams: streams)
        echoes = try body.bool("echo") ?? false
        logProbabilities = try body.int("logprobs", in: 0...limits.topLogProbabilitiesMax)
        choices = try body.int("n", in: 1...limits.choicesMax) ?? 1
        guard try body.int("best_of", in: 1...limits.choicesMax) ?? choices == choices else {
            throw APIError.unsupported("best_of", "is not supported, except equal to 'n'.")
        }
        let tokensMax = try body.int("max_tokens", in: 0...Int(Int32.max)) ?? 16
        guard tokensMax > 0 || echoes else {
            throw APIError.invalid("max_tokens", "0 is of use only with 'echo'.")
        }
        var sampling = try body.sampling(limits)
        sampling.logprobs = logProbabilities
        dryBreakers = try body.dryBreakers(limits)
        prompts = try Self.prompts(body, limits)
        template = CompletionRequest(
            prompt: .text(""), sampling: sampling, tokensMax: tokensMax, stops: try body.stops(limits),
            format: try body.format(), scoresPrompt: echoes && logProbabilities != nil, owner: owner,
            secondsMax: limits.requestSecondsMax)
        template.priority = try body.priority()
        template.ignoresEnd = try body.bool("ignore_eos") ?? false
        _ = try body.string("user")
    }

    /// One request for each choice of each prompt. With a seed, the choices differ and repeat.
    func requests(for assistant: Assistant) -> [CompletionRequest] {
        prompts.flatMap { prompt in
            (0..<choices).map { choice in
                var request = template
                request.prompt = prompt
                request.sampling.seed = template.sampling.seed.map { $0 &+ UInt64(choice) }
                request.sampling.setDryBreakers(dryBreakers, assistant)
                return request
            }
        }
    }

    /// What `echo` gives back: the text as it came, or the text of the tokens.
    func promptTexts(for assistant: Assistant) -> [String] {
        guard echoes else { return prompts.flatMap { _ in Array(repeating: "", count: choices) } }
        return prompts.flatMap { prompt in
            switch prompt {
            case .text(let text): Array(repeating: text, count: choices)
            case .tokens(let tokens): Array(repeating: assistant.decode(tokens, special: true), count: choices)
            }
        }
    }

    private static func prompts(_ body: RequestFields, _ limits: ServerLimits) throws -> [CompletionRequest.Prompt] {
        guard let prompts = try body.prompts("prompt", countMax: limits.completionPromptsMax) else {
            throw APIError.missing("prompt")
        }
        return prompts
    }
}

extension RequestFields {
    /// A text, token ids, or an array of at most `countMax` of either.
    func prompts(_ key: String, countMax: Int) throws -> [CompletionRequest.Prompt]? {
        guard let value = value(key) else { return nil }
        if let text = value.string { return [.text(text)] }
        guard let items = value.array else {
            throw APIError.wrongType(name(key), expected: "a string, an array of strings or token ids", got: value)
        }
        guard let first = items.first else { throw APIError.invalid(name(key), "is empty.") }
        if first.int != nil { return [.tokens(try Self.tokens(value, name(key)))] }
        guard items.count <= countMax else {
            throw APIError.invalid(name(key), "\(items.count) entries, the limit is \(countMax).")
        }
        return try items.enumerated().map { place, item in
            if let text = item.string { return .text(text) }
            return .tokens(try Self.tokens(item, "\(name(key))[\(place)]"))
        }
    }

    /// Token ids; whether the model has them is the engine's to say.
    static func tokens(_ value: JSONValue, _ name: String) throws -> [Int32] {
        guard let items = value.array else {
            throw APIError.wrongType(name, expected: "a string or an array of token ids", got: value)
        }
        return try items.enumerated().map { place, item in
            guard let id = item.int.flatMap({ Int32(exactly: $0) }), id >= 0 else {
                throw APIError.invalid("\(name)[\(place)]", "is not a token id.")
            }
            return id
        }
    }
}
