import Assistant
import Hummingbird
import JSON

/// `POST /v1/chat/completions`.
struct ChatCompletionsRoute {
    let service: AnswerService

    func respond(to request: Request, context: DanluContext) async throws -> Response {
        try service.requireAccepting()
        var request = request
        let body = try await service.body(of: &request)
        let fields = try ChatFields(body, limits: service.limits, owner: context.owner)
        let assistant = try await service.assistant(named: fields.model, with: fields.adapters)
        let streams = try await (0..<fields.choices).asyncMap { choice in
            var chat = fields.chat
            chat.sampling.seed = chat.sampling.seed.map { $0 &+ UInt64(choice) }
            chat.sampling.setDryBreakers(fields.dryBreakers, assistant)
            return try await assistant.chat(chat)
        }
        let json = ChatCompletionJSON(
            id: "chatcmpl-\(service.makeID())", created: service.unixSeconds(), model: assistant.name,
            includesUsage: fields.includesUsage)
        guard fields.streams else {
            let answers = try await service.whileConnected(request) { try await collect(streams, fields) }
            return .json(json.completion(answers, withLogProbabilities: fields.wantsLogProbabilities))
                .telling(assistant.queue).closing()
        }
        return service.eventStream(request) { stream in
            try await write(streams, as: json, fields, to: &stream)
        }.telling(assistant.queue)
    }

    private func collect(_ streams: [AnswerStream], _ fields: ChatFields) async throws -> [CollectedAnswer] {
        var answers = streams.map { _ in CollectedAnswer() }
        for try await (choice, event) in AnswerStream.merged(streams) where fields.keeps(event) {
            answers[choice].take(event)
        }
        for answer in answers { try answer.end.requireWhole() }
        return answers
    }

    private func write(
        _ streams: [AnswerStream], as json: ChatCompletionJSON, _ fields: ChatFields, to stream: inout EventStream
    ) async throws {
        var usage: [Int: AnswerTokens] = [:]
        try await stream.relay(AnswerStream.merged(streams)) { choice, event in
            if case .finished(let end) = event {
                try end.requireWhole()
                usage[choice] = end.usage
            }
            guard fields.keeps(event) else { return [] }
            return [EventStream.Message(data: chunk(for: event, choice: choice, json, fields))]
        }
        if fields.includesUsage {
            let inOrder = usage.sorted { $0.key < $1.key }.map(\.value)
            try await stream.send(json.usageChunk(ChatCompletionJSON.usage(inOrder)))
        }
        try await stream.sendDone()
    }

    private func chunk(
        for event: AnswerEvent, choice: Int, _ json: ChatCompletionJSON, _ fields: ChatFields
    ) -> JSONValue {
        switch event {
        case .started:
            json.chunk(choice: choice, delta: ["role": "assistant", "content": "", "refusal": nil])
        case .text(let text, let tokens):
            json.chunk(
                choice: choice, delta: ["content": .string(text)],
                logprobs: fields.wantsLogProbabilities ? ChatCompletionJSON.logprobs(tokens) : nil)
        case .reasoning(let text):
            json.chunk(choice: choice, delta: ["reasoning_content": .string(text)])
        case .toolCallStarted(let index, let id, let name):
            json.chunk(
                choice: choice,
                delta: [
                    "tool_calls": [
                        [
                            "index": .int(index), "id": .string(id), "type": "function",
                            "function": ["name": .string(name), "arguments": ""],
                        ]
                    ]
                ])
        case .toolCallArguments(let index, let fragment):
            json.chunk(
                choice: choice,
                delta: ["tool_calls": [["index": .int(index), "function": ["arguments": .string(fragment)]]]])
        // The last chunk of a choice carries an empty delta: clients that join deltas expect an object there.
        case .finished(let end):
            json.chunk(choice: choice, delta: .object(JSONObject()), finish: end.reason)
        }
    }
}
