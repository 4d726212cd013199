import Dialogue
import JSON

/// What was said in a chat, and its form in a file: `{"messages": [{"role", "content", "reasoning"}]}`.
package struct Conversation: Sendable, Equatable {
    package static let fileBytesMax = 64 << 20

    /// Stands before all turns; empty for none.
    package var system: String
    /// Turns of the user and the assistant.
    package var turns: [Message]

    package init(system: String = "", turns: [Message] = []) {
        self.system = system
        self.turns = turns
    }

    package var messages: [Message] {
        (system.isEmpty ? [] : [Message(role: .system, content: system)]) + turns
    }

    /// Removes the answers after the last question; false when nothing was asked.
    package mutating func dropLastAnswer() -> Bool {
        guard let question = turns.lastIndex(where: { $0.role == .user }) else { return false }
        turns.removeSubrange((question + 1)...)
        return true
    }

    package func json(model: String) -> JSONValue {
        let rows = messages.map { message -> JSONValue in
            var row = JSONObject([("role", .string(message.role.rawValue)), ("content", .string(message.content))])
            if let reasoning = message.reasoning { row["reasoning"] = .string(reasoning) }
            return .object(row)
        }
        return ["model": .string(model), "messages": .array(rows)]
    }

    /// Reads what `json` wrote, or an array of messages alone.
    ///
    /// - Throws: `ConversationError` that names the message.
    package init(json: JSONValue) throws(ConversationError) {
        guard let rows = json["messages"]?.array ?? json.array else {
            throw ConversationError(place: "messages", expected: "array")
        }
        self.init()
        for (place, row) in rows.enumerated() {
            guard let role = row["role"]?.string.flatMap(Role.init(rawValue:)) else {
                throw ConversationError(place: "messages[\(place)].role", expected: "system, user, assistant")
            }
            guard let content = row["content"]?.string else {
                throw ConversationError(place: "messages[\(place)].content", expected: "string")
            }
            if role == .system, place == 0 {
                system = content
            } else {
                turns.append(Message(role: role, content: content, reasoning: row["reasoning"]?.string))
            }
        }
    }
}
