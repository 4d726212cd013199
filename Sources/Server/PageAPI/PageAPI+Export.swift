import Foundation
import Hummingbird
import JSON
import Store

extension PageAPI {
    /// A conversation as a file: all branches as JSON, the shown one as Markdown.
    func export(_ request: Request, _ conversation: ConversationRecord) async throws -> Response {
        switch request.uri.queryParameters["format"].map(String.init) ?? "markdown" {
        case "json":
            let messages = try await service.store.allMessages(of: conversation.id)
            let value: JSONValue = [
                "format": "danlu-conversation-1", "conversation": PageJSON.conversation(conversation),
                "messages": .array(messages.map(PageJSON.message)),
            ]
            return file(value.serialized(.pretty), name: "\(conversation.title).json", type: "application/json")
        case "markdown":
            let messages =
                try await conversation.leaf.asyncMap {
                    try await service.store.branch(endingIn: $0, limit: service.limits.messagesMax)
                } ?? []
            return file(
                Self.markdown(conversation, messages), name: "\(conversation.title).md",
                type: "text/markdown; charset=utf-8")
        case let other: throw APIError.invalid("format", "'\(other.prefix(20))' is none of markdown, json.")
        }
    }

    private static func markdown(_ conversation: ConversationRecord, _ messages: [MessageRecord]) -> String {
        var text = "# \(conversation.title)\n"
        if !conversation.system.isEmpty { text += "\n> \(conversation.system.replacing("\n", with: "\n> "))\n" }
        for message in messages {
            let speaker = message.role == .user ? "我 / You" : message.model ?? message.role.rawValue
            text += "\n## \(speaker)\n\n\(message.content)\n"
        }
        return text
    }

    private func file(_ text: String, name: String, type: String) -> Response {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_."))
        let encoded = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? "conversation"
        return Response(
            status: .ok,
            headers: [.contentType: type, .contentDisposition: "attachment; filename*=UTF-8''\(encoded)"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension Optional where Wrapped: Sendable {
    func asyncMap<Value>(_ transform: (Wrapped) async throws -> Value) async rethrows -> Value? {
        if let self { try await transform(self) } else { nil }
    }
}
