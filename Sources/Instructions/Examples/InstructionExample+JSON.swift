import Dialogue
import JSON

/// The one form in files: OpenAI's messages, and TRL's members for what is more than a demonstration.
///
///     {"messages": […], "tools": […]}
///     {"prompt": […], "chosen": […], "rejected": […], "tools": […]}
///     {"prompt": […], "completion": […], "label": true, "tools": […]}
///     {"prompt": […], "reward": {…}, "tools": […]}
extension InstructionExample {
    package var json: JSONValue {
        var object: JSONObject
        switch lesson {
        case .demonstration: object = ["messages": list(messages, untaught)]
        case .preference(let chosen, let rejected):
            object = ["prompt": list(messages), "chosen": list(chosen), "rejected": list(rejected)]
        case .judgement(let isGood):
            let start = messages.lastIndex { $0.role == .user }.map { $0 + 1 } ?? 0
            object = [
                "prompt": list(Array(messages[..<start])), "completion": list(Array(messages[start...])),
                "label": .bool(isGood),
            ]
        case .task(let reward): object = ["prompt": list(messages), "reward": reward]
        }
        if !tools.isEmpty { object["tools"] = .array(tools.map(Self.json)) }
        return .object(object)
    }

    private func list(_ messages: [Message], _ untaught: Set<Int> = []) -> JSONValue {
        .array(messages.enumerated().map { Self.json($1, isUntaught: untaught.contains($0)) })
    }

    private static func json(_ message: Message, isUntaught: Bool) -> JSONValue {
        var object: JSONObject = ["role": .string(message.role.rawValue), "content": .string(message.content)]
        if let reasoning = message.reasoning { object["reasoning_content"] = .string(reasoning) }
        if !message.toolCalls.isEmpty {
            object["tool_calls"] = .array(
                message.toolCalls.map { call in
                    [
                        "id": .string(call.id), "type": "function",
                        "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                    ]
                })
        }
        if let id = message.toolCallID { object["tool_call_id"] = .string(id) }
        if let name = message.name { object["name"] = .string(name) }
        if isUntaught { object["weight"] = 0 }
        return .object(object)
    }

    private static func json(_ tool: Tool) -> JSONValue {
        var function: JSONObject = ["name": .string(tool.name)]
        if let description = tool.description { function["description"] = .string(description) }
        if let parameters = tool.parameters { function["parameters"] = parameters }
        if tool.isStrict { function["strict"] = true }
        return ["type": "function", "function": .object(function)]
    }
}
