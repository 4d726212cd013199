import JSON

/// One item of a response's output, as far as it is written.
struct ResponseItem: Equatable {
    enum Content: Equatable {
        case message(text: String)
        case reasoning(text: String)
        case call(id: String, name: String, arguments: String)
    }

    var id: String
    var content: Content

    /// - Parameter isDone: whether nothing will be added to it.
    func json(isDone: Bool) -> JSONValue {
        let status: JSONValue = isDone ? "completed" : "in_progress"
        switch content {
        case .message(let text):
            return [
                "id": .string(id), "type": "message", "status": status, "role": "assistant",
                "content": isDone ? [Self.part(text)] : [],
            ]
        case .reasoning(let text):
            return [
                "id": .string(id), "type": "reasoning", "status": status, "summary": [],
                "content": isDone ? [["type": "reasoning_text", "text": .string(text)]] : [],
            ]
        case .call(let callID, let name, let arguments):
            return [
                "id": .string(id), "type": "function_call", "status": status, "call_id": .string(callID),
                "name": .string(name), "arguments": .string(arguments),
            ]
        }
    }

    static func part(_ text: String) -> JSONValue {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }
}
