import Assistant
import Dialogue
import JSON

/// `POST /v1/responses` as the client wrote it, checked. Nothing is kept: each request brings the whole conversation.
struct ResponsesFields {
    var chat: ChatRequest
    var model: String?
    var streams: Bool
    var instructions: String?
    var tokensMax: Int?

    init(_ body: RequestFields, limits: ServerLimits, owner: String) throws {
        if body.value("previous_response_id") != nil {
            throw APIError.invalid("previous_response_id", "responses are not kept here: send the whole conversation in 'input'.")
        }
        instructions = try body.string("instructions")
        var messages = instructions.map { [Message(role: .system, content: $0)] } ?? []
        messages += try Self.input(body, limits)
        chat = ChatRequest(messages: messages, owner: owner, secondsMax: limits.requestSecondsMax)
        chat.tools = try body.tools(limits)
        chat.toolChoice = try body.toolChoice(among: chat.tools)
        chat.sampling = try body.sampling(limits)
        chat.overflow = try body.overflow()
        if let effort = try body.fields("reasoning")?.string("effort") {
            chat.templateVariables["reasoning_effort"] = .string(effort)
        }
        tokensMax = try body.int("max_output_tokens", in: 1...Int(Int32.max))
        chat.tokensMax = tokensMax
        model = try body.string("model")
        streams = try body.bool("stream") ?? false
        if let format = try body.fields("text")?.fields("format"), try format.string("type") ?? "text" != "text" {
            throw APIError.invalid("text.format", "only 'text' is supported yet.")
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
