import Assistant
import Dialogue
import JSON

/// `POST /v1/chat/completions` as the client wrote it, checked.
struct ChatFields {
    var chat: ChatRequest
    var model: String?
    var choices: Int
    var streams: Bool
    var includesUsage: Bool
    var wantsLogProbabilities: Bool

    init(_ body: RequestFields, limits: ServerLimits, owner: String) throws {
        guard let list = try body.array("messages") else { throw APIError.missing("messages") }
        guard !list.isEmpty else { throw APIError.invalid("messages", "at least one message is needed.") }
        guard list.count <= limits.messagesMax else {
            throw APIError.invalid("messages", "\(list.count) messages, the limit is \(limits.messagesMax).")
        }
        let messages = try list.enumerated().map { place, value in
            try Message(RequestFields(value, path: "messages[\(place)]"))
        }
        chat = ChatRequest(messages: messages, owner: owner, secondsMax: limits.requestSecondsMax)
        chat.tools = try body.tools(limits)
        chat.toolChoice = try body.toolChoice(among: chat.tools)
        chat.sampling = try body.sampling(limits)
        chat.stops = try body.stops(limits)
        chat.tokensMax =
            try body.int("max_completion_tokens", in: 1...Int(Int32.max)) ?? body.int("max_tokens", in: 1...Int(Int32.max))
        chat.overflow = try body.overflow()
        chat.templateVariables = try body.templateVariables()
        model = try body.string("model")
        choices = try body.int("n", in: 1...limits.choicesMax) ?? 1
        streams = try body.bool("stream") ?? false
        includesUsage = try body.fields("stream_options")?.bool("include_usage") ?? false
        wantsLogProbabilities = try body.bool("logprobs") ?? false
        let alternatives = try body.int("top_logprobs", in: 0...limits.topLogProbabilitiesMax)
        guard alternatives == nil || wantsLogProbabilities else {
            throw APIError.invalid("top_logprobs", "needs 'logprobs' to be true.")
        }
        if wantsLogProbabilities { chat.sampling.logprobs = alternatives ?? 0 }
        try body.refuseUnsupportedFormat()
    }
}

extension Message {
    init(_ fields: RequestFields) throws {
        let roleName = try fields.requiredString("role")
        guard let role = Role(rawValue: roleName) else {
            let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid(fields.name("role"), "'\(roleName.prefix(40))' is none of \(roles).")
        }
        let calls = try fields.array("tool_calls") ?? []
        guard role == .assistant || calls.isEmpty else {
            throw APIError.invalid(fields.name("tool_calls"), "only an assistant's message has them.")
        }
        let content = try fields.contentText("content")
        guard content != nil || role == .assistant else { throw APIError.missing(fields.name("content")) }
        self.init(
            role: role, content: content ?? "", reasoning: try fields.string("reasoning_content"),
            toolCalls: try calls.enumerated().map { place, value in
                try ToolCall(RequestFields(value, path: "\(fields.name("tool_calls"))[\(place)]"))
            },
            toolCallID: try fields.string("tool_call_id"), name: try fields.string("name"))
    }
}

extension ToolCall {
    init(_ fields: RequestFields) throws {
        guard let function = try fields.fields("function") else { throw APIError.missing(fields.name("function")) }
        self.init(
            id: try fields.string("id") ?? "", name: try function.requiredString("name"),
            arguments: try function.string("arguments") ?? "{}")
    }
}

extension RequestFields {
    /// A message's content: a string, or parts of type text joined. Images and sound are refused, not dropped.
    func contentText(_ key: String, textTypes: Set<String> = ["text"]) throws -> String? {
        guard let value = value(key) else { return nil }
        if let text = value.string { return text }
        guard let parts = value.array else {
            throw APIError.wrongType(name(key), expected: "a string or an array of parts", got: value)
        }
        return try parts.enumerated().map { place, part in
            let fields = try RequestFields(part, path: "\(name(key))[\(place)]")
            let type = try fields.requiredString("type")
            guard textTypes.contains(type) else {
                throw APIError.invalid(fields.name("type"), "this model reads text only, not '\(type.prefix(40))'.")
            }
            return try fields.requiredString("text")
        }.joined()
    }

    func tools(_ limits: ServerLimits) throws -> [Tool] {
        guard let list = try array("tools") else { return [] }
        guard list.count <= limits.toolsMax else {
            throw APIError.invalid("tools", "\(list.count) tools, the limit is \(limits.toolsMax).")
        }
        return try list.enumerated().map { place, value in
            let tool = try RequestFields(value, path: "tools[\(place)]")
            guard try tool.string("type") ?? "function" == "function" else {
                throw APIError.invalid(tool.name("type"), "only 'function' is supported.")
            }
            // The Responses API writes the function's fields in the tool itself.
            let function = try tool.fields("function") ?? tool
            return Tool(
                name: try function.requiredString("name"), description: try function.string("description"),
                parameters: try function.fields("parameters").map { .object($0.object) })
        }
    }

    func toolChoice(among tools: [Tool]) throws -> ChatRequest.ToolChoice {
        guard let choice = value("tool_choice") else { return .automatic }
        if let word = choice.string {
            switch word {
            case "auto": return .automatic
            case "none": return .none
            case "required":
                guard !tools.isEmpty else { throw APIError.invalid("tool_choice", "'required' needs 'tools'.") }
                return .required
            default: throw APIError.invalid("tool_choice", "'\(word.prefix(40))' is none of auto, none, required.")
            }
        }
        let fields = try RequestFields(choice, path: "tool_choice")
        let wanted = try (fields.fields("function") ?? fields).requiredString("name")
        guard tools.contains(where: { $0.name == wanted }) else {
            throw APIError.invalid("tool_choice", "no tool has the name '\(wanted.prefix(64))'.")
        }
        return .named(wanted)
    }

    /// `truncation: "auto"` drops the oldest turns of a conversation that does not fit; otherwise it is refused.
    func overflow() throws -> ChatRequest.Overflow {
        switch try string("truncation") {
        case nil, "disabled": .refuse
        case "auto": .dropOldestTurns
        case let other?: throw APIError.invalid("truncation", "'\(other.prefix(40))' is none of auto, disabled.")
        }
    }

    /// Variables that a client may give the template: plain values only, and never a template.
    func templateVariables() throws -> [String: JSONValue] {
        var variables: [String: JSONValue] = [:]
        if let effort = try string("reasoning_effort") {
            variables["reasoning_effort"] = .string(effort)
            if effort == "none" { variables["enable_thinking"] = false }
        }
        guard let given = try fields("chat_template_kwargs") else { return variables }
        for (key, value) in given.object {
            switch value {
            case .bool, .int, .double, .string: variables[key] = value
            default: throw APIError.wrongType(given.name(key), expected: "a boolean, number or string", got: value)
            }
        }
        return variables
    }

    func refuseUnsupportedFormat() throws {
        guard let type = try fields("response_format")?.string("type"), type != "text" else { return }
        throw APIError.invalid("response_format", "'\(type.prefix(40))' is not supported yet, only 'text'.")
    }
}
