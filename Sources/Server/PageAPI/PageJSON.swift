import Dialogue
import JSON
import Store

/// Store records as the page reads them.
enum PageJSON {
    static func conversation(_ record: ConversationRecord) -> JSONValue {
        [
            "id": .string(record.id), "title": .string(record.title), "model": .string(record.model),
            "system": .string(record.system), "sampling": record.sampling,
            "leaf": record.leaf.map(JSONValue.string) ?? .null, "created_at": .int(Int(record.createdAt)),
            "updated_at": .int(Int(record.updatedAt)),
        ]
    }

    static func summary(_ summary: ConversationSummary) -> JSONValue {
        let record = summary.conversation
        var object = JSONObject([
            ("id", .string(record.id)), ("title", .string(record.title)), ("model", .string(record.model)),
            ("created_at", .int(Int(record.createdAt))), ("updated_at", .int(Int(record.updatedAt))),
            ("message_count", .int(summary.messageCount)),
        ])
        if let snippet = summary.snippet { object["snippet"] = .string(snippet) }
        return .object(object)
    }

    static func message(_ record: MessageRecord) -> JSONValue {
        var object = JSONObject([
            ("id", .string(record.id)), ("parent", record.parent.map(JSONValue.string) ?? .null),
            ("role", .string(record.role.rawValue)), ("content", .string(record.content)),
            ("status", .string(record.status.rawValue)), ("created_at", .int(Int(record.createdAt))),
            ("siblings", .array(record.siblings.map(JSONValue.string))),
        ])
        if !record.reasoning.isEmpty { object["reasoning"] = .string(record.reasoning) }
        if let error = record.error { object["error"] = .string(error) }
        if let model = record.model { object["model"] = .string(model) }
        if let usage = record.usage {
            object["prompt_tokens"] = .int(usage.promptTokens)
            object["cached_tokens"] = .int(usage.cachedTokens)
            object["completion_tokens"] = .int(usage.completionTokens)
            object["tokens_per_second"] = .double(usage.tokensPerSecond)
            object["time_to_first_token_ms"] = .double(usage.firstTokenMilliseconds)
        }
        if let rating = record.rating {
            object["rating"] = [
                "thumb": rating.thumb == .up ? "up" : "down", "comment": .string(rating.comment),
            ]
        }
        return .object(object)
    }
}
