import Assistant
import Dialogue
import JSON

extension RequestFields {
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
                parameters: try function.fields("parameters").map { .object($0.object) },
                isStrict: try function.bool("strict") ?? false)
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
            guard !Self.reservedVariables.contains(key) else {
                throw APIError.invalid(given.name(key), "is set by the server.")
            }
            switch value {
            case .bool, .int, .double, .string: variables[key] = value
            default: throw APIError.wrongType(given.name(key), expected: "a boolean, number or string", got: value)
            }
        }
        return variables
    }

    /// What the server itself gives a template.
    private static let reservedVariables: Set<String> = [
        "messages", "tools", "documents", "add_generation_prompt", "bos_token", "eos_token", "strftime_now",
        "raise_exception", "chat_template",
    ]

    /// Whether a stream ends with its usage.
    func includesUsage(streams: Bool) throws -> Bool {
        guard let options = try fields("stream_options") else { return false }
        guard streams else { throw APIError.invalid("stream_options", "is only allowed when 'stream' is true.") }
        return try options.bool("include_usage") ?? false
    }

    /// Refuses what would change the answer if it were obeyed, so that nobody takes the answer for what it is not.
    func refuseUnsupported() throws {
        for key in ["functions", "function_call"] where value(key) != nil {
            throw APIError.unsupported(key, "is not supported. Send 'tools' and 'tool_choice'.")
        }
        // A template is a program: the model's own is the only one that runs here.
        for key in ["audio", "web_search_options", "chat_template"] where value(key) != nil {
            throw APIError.unsupported(key, "is not supported.")
        }
        let modalities = try strings("modalities", countMax: 8)
        guard modalities.allSatisfy({ $0 == "text" }) else {
            throw APIError.unsupported("modalities", "only 'text' is supported.")
        }
        _ = try string("user")
    }
}
