import Dialogue
import JSON

/// Writes our messages and tools as the JSON that templates expect, which is that of OpenAI's API.
struct MessageForm {
    private let traits: TemplateTraits
    /// A call's arguments stay JSON text. Most templates want the value, because they write it with `tojson`.
    private let argumentsAreText: Bool
    /// A tool without a description gets an empty one.
    private let describesAll: Bool

    init(_ traits: TemplateTraits, argumentsAreText: Bool = false, describesAll: Bool = false) {
        self.traits = traits
        self.argumentsAreText = argumentsAreText
        self.describesAll = describesAll
    }

    func json(_ message: Message) -> JSONValue {
        var object = JSONObject()
        let role = message.role == .developer && !traits.knowsDeveloper ? Role.system : message.role
        object["role"] = .string(role.rawValue)
        let isCallAlone = !message.toolCalls.isEmpty && message.content.isEmpty
        object["content"] = isCallAlone && traits.testsContentForNone ? .null : .string(message.content)
        if let reasoning = message.reasoning {
            object["reasoning_content"] = .string(reasoning)
            // The name that gpt-oss reads.
            object["thinking"] = .string(reasoning)
        }
        if !message.toolCalls.isEmpty { object["tool_calls"] = .array(message.toolCalls.map(json)) }
        if let id = message.toolCallID { object["tool_call_id"] = .string(callID(id)) }
        if let name = message.name { object["name"] = .string(name) }
        return .object(object)
    }

    private func json(_ call: ToolCall) -> JSONValue {
        let text = JSONValue.string(call.arguments)
        let arguments = argumentsAreText ? text : (try? JSONValue(parsing: call.arguments)) ?? text
        return [
            "id": .string(callID(call.id)), "type": "function",
            "function": ["name": .string(call.name), "arguments": arguments],
        ]
    }

    func json(_ tool: Tool) -> JSONValue {
        var function: JSONObject = ["name": .string(tool.name)]
        if let description = tool.description ?? (describesAll ? "" : nil) {
            function["description"] = .string(description)
        }
        if let parameters = tool.parameters { function["parameters"] = parameters }
        return ["type": "function", "function": .object(function)]
    }

    /// An id that the template takes: where it must be short, nine letters and digits made of the given one.
    private func callID(_ id: String) -> String {
        let isShort =
            id.utf8.count == 9
            && id.utf8.allSatisfy { Character(UnicodeScalar($0)).isLetter || (0x30...0x39).contains($0) }
        if !traits.wantsShortCallIDs || isShort { return id }
        // FNV-1a: the same id gives the same name in every turn, and two ids hardly ever one.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 36)
        return String((String(repeating: "0", count: 9) + digits).suffix(9))
    }
}
