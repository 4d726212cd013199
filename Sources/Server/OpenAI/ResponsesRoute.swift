import Assistant
import Hummingbird
import JSON

/// `POST /v1/responses`, stateless: one response object, or its typed events.
struct ResponsesRoute {
    let service: AnswerService

    func respond(to request: Request, context: DanluContext) async throws -> Response {
        try service.requireAccepting()
        var request = request
        let fields = try ResponsesFields(
            try await service.body(of: &request), limits: service.limits, owner: context.owner)
        let assistant = try await service.assistant(named: fields.model, with: fields.adapters)
        let answer = try await service.blaming("input") { try await assistant.chat(fields.chat(for: assistant)) }
        let json = ResponseJSON(
            id: service.makeID(), created: service.unixSeconds(), model: assistant.name, fields: fields)
        guard fields.streams else {
            let response = try await service.whileConnected(request) {
                var writer = ResponseEventWriter(json: json, makeID: service.makeID)
                for try await event in answer where fields.keeps(event) { _ = try writer.messages(for: event) }
                return writer.response
            }
            return .json(response).telling(assistant.queue).closing()
        }
        return service.eventStream(request) { try await write(answer, as: json, to: &$0) }
            .telling(assistant.queue)
    }

    private func write(_ answer: AnswerStream, as json: ResponseJSON, to stream: inout EventStream) async throws {
        var writer = ResponseEventWriter(json: json, makeID: service.makeID)
        do {
            try await stream.relay(answer) { json.fields.keeps($0) ? try writer.messages(for: $0) : [] }
        } catch let error where !(error is CancellationError) {
            service.logger.error("answer failed", metadata: ["error": "\(error)"])
            for message in writer.failure(APIError(error)) { try await stream.send(message.data, event: message.name) }
        }
    }
}
