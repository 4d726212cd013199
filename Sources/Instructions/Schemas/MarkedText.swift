import Dialogue

/// Conversations as text with marks: `"\n\nHuman: …\n\nAssistant: …"`, as in hh-rlhf and DeepSpeed-Chat.
enum MarkedText {
    private static let marks: [(text: String, role: Role)] = [("Human:", .user), ("Assistant:", .assistant)]

    /// The messages of a text that begins with the mark of one who asks; nil for any other. A last mark with nothing
    /// after it is where the answer belongs and gives no message.
    static func messages(_ text: String) -> [Message]? {
        var rest = trimmed(text[...])
        guard rest.hasPrefix(marks[0].text), text.contains(marks[1].text) else { return nil }
        var messages: [Message] = []
        while let mark = marks.first(where: { rest.hasPrefix($0.text) }) {
            rest = rest.dropFirst(mark.text.count)
            let end = marks.compactMap { rest.range(of: "\n" + $0.text)?.lowerBound }.min() ?? inline(rest)
            let content = trimmed(rest[..<end])
            rest = trimmed(rest[end...])
            if !content.isEmpty || !rest.isEmpty { messages.append(Message(role: mark.role, content: String(content))) }
        }
        return messages
    }

    /// `Human: … Assistant:` on one line, as DeepSpeed-Chat writes its prompts.
    private static func inline(_ rest: Substring) -> Substring.Index {
        let text = trimmed(rest)
        guard text.hasSuffix(marks[1].text) else { return rest.endIndex }
        return text.index(text.endIndex, offsetBy: -marks[1].text.count)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
