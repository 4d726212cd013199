import Dialogue
import Foundation
import JSON

/// The way from a conversation to the text a model reads.
///
///     let prompt = try ChatTemplate.chatML.render(messages: messages, tools: [], addGenerationPrompt: true)
///
/// Only ChatML is rendered so far, by our own text: `init(source:)` throws `.unsupported` for a file's own template,
/// because a template that is guessed instead of executed gives wrong prompts silently.
public struct ChatTemplate: Sendable {
    public let bosToken: String
    public let eosToken: String
    public let limits: TemplateLimits

    public init(
        source: String, bosToken: String, eosToken: String, limits: TemplateLimits = TemplateLimits()
    ) throws(TemplateError) {
        if source.utf8.count > limits.sourceBytesMax {
            throw .limit(name: "sourceBytesMax", value: limits.sourceBytesMax)
        }
        throw .unsupported("this build has no interpreter for a file's own template; ChatTemplate.chatML is built in")
    }

    private init() {
        bosToken = ""
        eosToken = "<|im_end|>"
        limits = TemplateLimits()
    }

    /// The fallback for files without a template. It has no place for tools.
    public static let chatML = ChatTemplate()

    /// `extra` and `now` are for a file's own template; ChatML reads neither.
    public func render(
        messages: [Message], tools: [Tool] = [], addGenerationPrompt: Bool, extra: [String: JSONValue] = [:],
        now: Date = Date()
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

    /// The same for messages as a client wrote them: an array of objects with `role` and `content`, both strings.
    public func render(
        messages: JSONValue, tools: JSONValue?, addGenerationPrompt: Bool, extra: [String: JSONValue] = [:],
        now: Date = Date()
    ) throws(TemplateError) -> RenderedPrompt {
        guard let items = messages.array else { throw .input("messages is \(messages.kind), expected array") }
        if let tools, !tools.isNull, tools.array?.isEmpty != true { throw .input("ChatML has no place for tools") }
        var turns: [Message] = []
        for (index, item) in items.enumerated() {
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
        return try render(
            messages: turns, addGenerationPrompt: addGenerationPrompt, extra: extra, now: now)
    }
}
