import Assistant
import JSON

/// The response object of the Responses API.
struct ResponseJSON {
    let id: String
    let created: Int
    let model: String
    let fields: ResponsesFields

    /// How far a response is.
    enum Status: String {
        case inProgress = "in_progress"
        case completed, incomplete, failed
    }

    func response(_ items: [ResponseItem], _ status: Status, usage: AnswerTokens? = nil, error: JSONValue = .null)
        -> JSONValue
    {
        var object: JSONObject = [
            "id": .string("resp_\(id)"), "object": "response", "created_at": .int(created),
            "status": .string(status.rawValue), "error": error,
            "incomplete_details": status == .incomplete ? ["reason": "max_output_tokens"] : .null,
            "instructions": fields.instructions.map(JSONValue.string) ?? .null,
            "max_output_tokens": fields.chat.tokensMax.map(JSONValue.int) ?? .null, "model": .string(model),
            "output": .array(items.map { $0.json(isDone: true) }), "previous_response_id": .null, "store": false,
            "temperature": .double(Double(fields.chat.sampling.temperature)),
            "top_p": .double(Double(fields.chat.sampling.topP)), "usage": usage.map(Self.usage) ?? .null,
        ]
        for (key, value) in fields.echoed { object[key] = value }
        return .object(object)
    }

    private static func usage(_ tokens: AnswerTokens) -> JSONValue {
        [
            "input_tokens": .int(tokens.prompt), "input_tokens_details": ["cached_tokens": .int(tokens.cached)],
            "output_tokens": .int(tokens.completion), "output_tokens_details": ["reasoning_tokens": 0],
            "total_tokens": .int(tokens.prompt + tokens.completion),
        ]
    }
}
