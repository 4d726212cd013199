import Assistant
import Hummingbird
import JSON

/// `POST /v1/completions`: continues text without a template. With `echo`, `logprobs` and `max_tokens: 0` it scores
/// text, which is how lm-evaluation-harness measures a model.
struct CompletionsRoute {
    let service: AnswerService

    func respond(to request: Request, context: DanluContext) async throws -> Response {
        var request = request
        let fields = try CompletionFields(
            try await service.body(of: &request), limits: service.limits, owner: context.owner)
        let assistant = try await service.assistant(named: fields.model)
        let streams = try await fields.requests.asyncMap { try await assistant.complete($0) }
        let json = CompletionJSON(
            id: "cmpl-\(service.makeID())", created: service.unixSeconds(), model: assistant.name, fields: fields)
        guard fields.streams else {
            let answers = try await service.whileConnected(request) {
                var answers = streams.map { _ in CollectedAnswer() }
                for try await (choice, event) in AnswerStream.merged(streams) { answers[choice].take(event) }
                return answers
            }
            return .json(json.completion(answers)).closing()
        }
        return service.eventStream(request) { stream in
            var usage: [Int: AnswerTokens] = [:]
            for try await (choice, event) in AnswerStream.merged(streams) {
                if let chunk = json.chunk(for: event, choice: choice) { try await stream.send(chunk) }
                if case .finished(let end) = event { usage[choice] = end.usage }
            }
            if fields.includesUsage {
                try await stream.send(json.envelope(choices: [], usage: usage.sorted { $0.key < $1.key }.map(\.value)))
            }
            try await stream.sendDone()
        }
    }
}

/// `POST /v1/completions` as the client wrote it, checked: one request for each prompt and choice.
struct CompletionFields {
    var requests: [CompletionRequest]
    var promptTexts: [String?]
    var model: String?
    var streams: Bool
    var includesUsage: Bool
    var echoes: Bool
    var logProbabilities: Int?

    init(_ body: RequestFields, limits: ServerLimits, owner: String) throws {
        guard try body.string("suffix") ?? "" == "" else { throw APIError.invalid("suffix", "is not supported.") }
        model = try body.string("model")
        streams = try body.bool("stream") ?? false
        includesUsage = try body.fields("stream_options")?.bool("include_usage") ?? false
        echoes = try body.bool("echo") ?? false
        logProbabilities = try body.int("logprobs", in: 0...limits.topLogProbabilitiesMax)
        let choices = try body.int("n", in: 1...limits.choicesMax) ?? 1
        let tokensMax = try body.int("max_tokens", in: 0...Int(Int32.max)) ?? 16
        guard tokensMax > 0 || echoes else {
            throw APIError.invalid("max_tokens", "0 is of use only with 'echo'.")
        }
        var sampling = try body.sampling(limits)
        sampling.logprobs = logProbabilities
        let stops = try body.stops(limits)
        let prompts = try Self.prompts(body, limits)
        requests = []
        promptTexts = []
        for prompt in prompts {
            for choice in 0..<choices {
                var own = sampling
                own.seed = sampling.seed.map { $0 &+ UInt64(choice) }
                requests.append(
                    CompletionRequest(
                        prompt: prompt, sampling: own, tokensMax: tokensMax, stops: stops,
                        scoresPrompt: echoes && logProbabilities != nil, owner: owner,
                        secondsMax: limits.requestSecondsMax))
                if case .text(let text) = prompt { promptTexts.append(text) } else { promptTexts.append(nil) }
            }
        }
    }

    /// A text, token ids, or an array of either.
    private static func prompts(_ body: RequestFields, _ limits: ServerLimits) throws -> [CompletionRequest.Prompt] {
        guard let value = body.value("prompt") else { throw APIError.missing("prompt") }
        if let text = value.string { return [.text(text)] }
        guard let items = value.array, let first = items.first else {
            throw APIError.wrongType("prompt", expected: "a string, an array of strings or token ids", got: value)
        }
        if first.int != nil { return [.tokens(try tokens(value, "prompt"))] }
        guard items.count <= limits.completionPromptsMax else {
            throw APIError.invalid("prompt", "\(items.count) prompts, the limit is \(limits.completionPromptsMax).")
        }
        return try items.enumerated().map { place, item in
            if let text = item.string { return .text(text) }
            return .tokens(try tokens(item, "prompt[\(place)]"))
        }
    }

    static func tokens(_ value: JSONValue, _ name: String) throws -> [Int32] {
        guard let items = value.array else { throw APIError.wrongType(name, expected: "token ids", got: value) }
        return try items.enumerated().map { place, item in
            guard let id = item.int.flatMap({ Int32(exactly: $0) }), id >= 0 else {
                throw APIError.invalid("\(name)[\(place)]", "is not a token id.")
            }
            return id
        }
    }
}
