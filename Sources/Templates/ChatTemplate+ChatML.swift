import Dialogue
import JSON

/// ChatML by our own text, for model files that have no template.
extension ChatTemplate {
    func renderChatML(
        _ messages: [Message], _ tools: [Tool], addGenerationPrompt: Bool
    ) throws(TemplateError) -> RenderedPrompt {
        if !tools.isEmpty || messages.contains(where: { !$0.toolCalls.isEmpty || $0.role == .tool }) {
            throw .input("ChatML has no place for tools")
        }
        var prompt = RenderedPrompt()
        var bytes = 0
        for message in messages {
            bytes += message.content.utf8.count
            if bytes > limits.outputBytesMax { throw .limit(name: "outputBytesMax", value: limits.outputBytesMax) }
            let role = message.role == .developer ? Role.system : message.role
            prompt.append("<|im_start|>\(role.rawValue)\n", isTrusted: true)
            prompt.append(message.content, isTrusted: false)
            prompt.append("<|im_end|>\n", isTrusted: true)
        }
        if addGenerationPrompt { prompt.append("<|im_start|>assistant\n", isTrusted: true) }
        return prompt
    }

    /// The same for messages as a client wrote them: objects with `role` and `content`, both strings.
    func renderChatML(
        _ messages: [JSONValue], _ tools: JSONValue?, addGenerationPrompt: Bool
    ) throws(TemplateError) -> RenderedPrompt {
        if let tools, !tools.isNull, tools.array?.isEmpty != true { throw .input("ChatML has no place for tools") }
        var turns: [Message] = []
        for (index, item) in messages.enumerated() {
            guard let role = item["role"]?.string.flatMap(Role.init(rawValue:)) else {
                let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw .input("messages[\(index)].role is none of \(roles)")
            }
            guard let content = item["content"]?.string else {
                throw .input("messages[\(index)].content is not a string")
            }
            if let calls = item["tool_calls"], !calls.isNull { throw .input("ChatML has no place for tools") }
            turns.append(Message(role: role, content: content))
        }
        return try renderChatML(turns, [], addGenerationPrompt: addGenerationPrompt)
    }
}
