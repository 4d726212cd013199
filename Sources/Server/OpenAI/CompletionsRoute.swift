import Assistant
import Hummingbird
import JSON

/// `POST /v1/completions`: continues text without a template. With `echo`, `logprobs` and `max_tokens: 0` it scores
/// text, which is how lm-evaluation-harness measures a model.
struct CompletionsRoute {
    let service: AnswerService

    func respond(to request: Request, context: DanluContext) async throws -> Response {
        try service.requireAccepting()
        var request = request
        let fields = try CompletionFields(
            try await service.body(of: &request), limits: service.limits, owner: context.owner)
        let assistant = try await service.assistant(named: fields.model, with: fields.adapters)
        let streams = try await service.blaming("prompt") {
            try await fields.requests(for: assistant).asyncMap { try await assistant.complete($0) }
        }
        let json = CompletionJSON(
            id: "cmpl-\(service.makeID())", created: service.unixSeconds(), model: assistant.name, fields: fields,
            promptTexts: fields.promptTexts(for: assistant))
        guard fields.streams else {
            let answers = try await service.whileConnected(request) {
                var answers = streams.map { _ in CollectedAnswer() }
                for try await (choice, event) in AnswerStream.merged(streams) { answers[choice].take(event) }
                for answer in answers { try answer.end.requireWhole() }
                return answers
            }
            return .json(json.completion(answers)).telling(assistant.queue).closing()
        }
        return service.eventStream(request) { try await write(streams, as: json, to: &$0) }
            .telling(assistant.queue)
    }

    private func write(_ streams: [AnswerStream], as json: CompletionJSON, to stream: inout EventStream) async throws {
        var usage: [Int: AnswerTokens] = [:]
        var offsets = streams.map { _ in 0 }
        try await stream.relay(AnswerStream.merged(streams)) { choice, event in
            if case .finished(let end) = event {
                try end.requireWhole()
                usage[choice] = end.usage
            }
            return json.chunk(for: event, choice: choice, offset: &offsets[choice]).map { [.init(data: $0)] } ?? []
        }
        if json.fields.includesUsage {
            try await stream.send(json.usageChunk(usage.sorted { $0.key < $1.key }.map(\.value)))
        }
        try await stream.sendDone()
    }
}
