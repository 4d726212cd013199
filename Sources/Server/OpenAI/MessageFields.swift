import Dialogue
import JSON

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
        let answered = try fields.string("tool_call_id")
        guard answered != nil || role != .tool else { throw APIError.missing(fields.name("tool_call_id")) }
        self.init(
            role: role, content: content ?? "", reasoning: try fields.string("reasoning_content"),
            toolCalls: try calls.enumerated().map { place, value in
                try ToolCall(RequestFields(value, path: "\(fields.name("tool_calls"))[\(place)]"))
            },
            toolCallID: answered, name: try fields.string("name"))
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
}
