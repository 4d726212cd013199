import Assistant
import Dialogue
import JSON

/// `POST /v1/responses` as the client wrote it, checked. Nothing is kept: each request brings the whole conversation.
package struct ResponsesFields {
    private var request: ChatRequest
    private var dryBreakers: [String]
    private var callsInParallel: Bool
    var model: String?
    var adapters: [AdapterChoice]?
    var streams: Bool
    var instructions: String?
    /// What the response object repeats of the request.
    var echoed: JSONObject

    package init(_ body: RequestFields, limits: ServerLimits, owner: String) throws {
        try Self.refuseUnsupported(body)
        instructions = try body.string("instructions")
        var messages = instructions.map { [Message(role: .system, content: $0)] } ?? []
        messages += try Self.input(body, limits)
        request = ChatRequest(messages: messages, owner: owner, secondsMax: limits.requestSecondsMax)
        request.tools = try body.tools(limits)
        request.toolChoice = try body.toolChoice(among: request.tools)
        request.sampling = try body.sampling(limits)
        dryBreakers = try body.dryBreakers(limits)
        request.overflow = try body.overflow()
        request.priority = try body.priority()
        if let effort = try body.fields("reasoning")?.string("effort") {
            request.templateVariables["reasoning_effort"] = .string(effort)
        }
        let text = try body.fields("text")
        request.format = try text?.fields("format")?.responseFormat()
        request.tokensMax = try body.int("max_output_tokens", in: 1...Int(Int32.max))
        callsInParallel = try body.bool("parallel_tool_calls") ?? true
        model = try body.string("model")
        adapters = try body.adapters()
        streams = try body.bool("stream") ?? false
        echoed = [
            "tools": body.value("tools") ?? [], "tool_choice": body.value("tool_choice") ?? "auto",
            "parallel_tool_calls": .bool(callsInParallel),
            "truncation": .string(try body.string("truncation") ?? "disabled"),
            "text": ["format": text?.value("format") ?? ["type": "text"]],
            "metadata": .object(try body.fields("metadata")?.object ?? JSONObject()),
        ]
    }

    var chat: ChatRequest { request }

    func chat(for assistant: Assistant) -> ChatRequest {
        var chat = request
        chat.sampling.setDryBreakers(dryBreakers, assistant)
        return chat
    }

    /// Whether the client sees this event: the first call only, where calls in parallel are not wanted.
    func keeps(_ event: AnswerEvent) -> Bool { callsInParallel || (event.callIndex ?? 0) == 0 }

    private static func refuseUnsupported(_ body: RequestFields) throws {
        if body.value("previous_response_id") != nil || body.value("conversation") != nil {
            let key = body.value("conversation") != nil ? "conversation" : "previous_response_id"
            throw APIError.unsupported(key, "responses are not kept here: send the whole conversation in 'input'.")
        }
        if body.value("prompt") != nil {
            throw APIError.unsupported("prompt", "is not supported. Send 'instructions'.")
        }
        if try body.bool("background") ?? false {
            throw APIError.unsupported("background", "responses are not kept here, so none can be asked for later.")
        }
    }

    private static func input(_ body: RequestFields, _ limits: ServerLimits) throws -> [Message] {
        guard let value = body.value("input") else { throw APIError.missing("input") }
        if let text = value.string { return [Message(role: .user, content: text)] }
        guard let items = value.array else {
            throw APIError.wrongType("input", expected: "a string or an array of items", got: value)
        }
        guard items.count <= limits.messagesMax else {
            throw APIError.invalid("input", "\(items.count) items, the limit is \(limits.messagesMax).")
        }
        var messages: [Message] = []
        for (place, item) in items.enumerated() {
            try append(RequestFields(item, path: "input[\(place)]"), to: &messages)
        }
        return messages
    }

    private static func append(_ item: RequestFields, to messages: inout [Message]) throws {
        switch try item.string("type") ?? "message" {
        case "message":
            let name = try item.requiredString("role")
            guard let role = Role(rawValue: name) else {
                throw APIError.invalid(item.name("role"), "'\(name.prefix(40))' is no role.")
            }
            let text = try item.contentText("content", textTypes: ["input_text", "output_text", "text"])
            guard let text else { throw APIError.missing(item.name("content")) }
            messages.append(Message(role: role, content: text))
        case "function_call":
            let call = ToolCall(
                id: try item.requiredString("call_id"), name: try item.requiredString("name"),
                arguments: try item.string("arguments") ?? "{}")
            // Calls that follow each other were one turn of the assistant.
            if messages.last?.role == .assistant {
                messages[messages.count - 1].toolCalls.append(call)
            } else {
                messages.append(Message(role: .assistant, content: "", toolCalls: [call]))
            }
        case "function_call_output":
            let output = try item.contentText("output", textTypes: ["input_text", "output_text", "text"])
            messages.append(
                Message(role: .tool, content: output ?? "", toolCallID: try item.requiredString("call_id")))
        case "reasoning": break
        case let other: throw APIError.invalid(item.name("type"), "'\(other.prefix(40))' is not supported.")
        }
    }
}
