import Assistant
import Hummingbird
import JSON

/// `POST /v1/responses`, stateless: one response object, or its typed events.
struct ResponsesRoute {
    let service: AnswerService

    func respond(to request: Request, context: DanluContext) async throws -> Response {
        var request = request
        let fields = try ResponsesFields(
            try await service.body(of: &request), limits: service.limits, owner: context.owner)
        let assistant = try await service.assistant(named: fields.model)
        let answer = try await assistant.chat(fields.chat)
        let json = ResponseJSON(
            id: service.makeID(), created: service.unixSeconds(), model: assistant.name, fields: fields)
        guard fields.streams else {
            let collected = try await service.whileConnected(request) {
                var collected = CollectedAnswer()
                for try await event in answer { collected.take(event) }
                return collected
            }
            return .json(json.response(collected, status: json.status(of: collected))).closing()
        }
        return service.eventStream(request) { stream in
            var writer = ResponseEventWriter(json: json)
            for try await event in answer {
                for (name, value) in writer.events(for: event) { try await stream.send(value, event: name) }
            }
        }
    }
}

/// The response object of the Responses API.
struct ResponseJSON {
    let id: String
    let created: Int
    let model: String
    let fields: ResponsesFields

    func status(of answer: CollectedAnswer) -> String {
        answer.end.reason == .length ? "incomplete" : "completed"
    }

    func response(_ answer: CollectedAnswer, status: String) -> JSONValue {
        let isFinished = status != "in_progress"
        return [
            "id": .string("resp_\(id)"), "object": "response", "created_at": .int(created), "status": .string(status),
            "error": nil, "incomplete_details": status == "incomplete" ? ["reason": "max_output_tokens"] : nil,
            "instructions": fields.instructions.map(JSONValue.string) ?? .null,
            "max_output_tokens": fields.tokensMax.map(JSONValue.int) ?? .null, "model": .string(model),
            "output": .array(isFinished ? items(of: answer) : []), "parallel_tool_calls": true,
            "previous_response_id": nil, "store": false, "temperature": .double(Double(fields.chat.sampling.temperature)),
            "text": ["format": ["type": "text"]], "tool_choice": "auto", "tools": .array([]),
            "top_p": .double(Double(fields.chat.sampling.topP)), "truncation": "disabled",
            "usage": isFinished ? usage(answer.end.usage) : .null, "metadata": .object(JSONObject()),
        ]
    }

    func items(of answer: CollectedAnswer) -> [JSONValue] {
        var items: [JSONValue] = []
        if !answer.text.isEmpty || answer.calls.isEmpty { items.append(message(answer.text, status: "completed")) }
        return items + answer.calls.map { call($0.id, $0.name, $0.arguments, status: "completed") }
    }

    func message(_ text: String?, status: String) -> JSONValue {
        [
            "id": .string("msg_\(id)"), "type": "message", "status": .string(status), "role": "assistant",
            "content": .array(text.map { [part($0)] } ?? []),
        ]
    }

    func part(_ text: String) -> JSONValue {
        ["type": "output_text", "text": .string(text), "annotations": .array([]), "logprobs": .array([])]
    }

    func call(_ callID: String, _ name: String, _ arguments: String, status: String) -> JSONValue {
        [
            "id": .string("fc_\(callID)"), "type": "function_call", "status": .string(status),
            "call_id": .string(callID), "name": .string(name), "arguments": .string(arguments),
        ]
    }

    private func usage(_ tokens: AnswerTokens) -> JSONValue {
        [
            "input_tokens": .int(tokens.prompt), "input_tokens_details": ["cached_tokens": .int(tokens.cached)],
            "output_tokens": .int(tokens.completion), "output_tokens_details": ["reasoning_tokens": 0],
            "total_tokens": .int(tokens.prompt + tokens.completion),
        ]
    }
}
