import JSON

/// A conversation as text: a line for each turn, “who: what”.
enum DialogueText {
    /// Of the metadata of such a document.
    static let kind = "dialogue"
    private static let speakers = ["role", "from", "name", "sender", "author", "user", "speaker", "nickname"]
    private static let contents = ["content", "value", "text", "message", "msg", "utterance"]

    /// Nil where no turn has words.
    static func text(_ turns: [JSONValue]) -> [UInt8]? {
        var text: [UInt8] = []
        for turn in turns {
            guard let words = words(of: turn), !words.isEmpty else { continue }
            append(speaker(of: turn), words, to: &text)
        }
        return text.isEmpty ? nil : text
    }

    static func append(_ speaker: String?, _ words: String, to text: inout [UInt8]) {
        if !text.isEmpty { text.append(0x0A) }
        if let speaker, !speaker.isEmpty {
            text += speaker.utf8
            text += ": ".utf8
        }
        text += words.utf8
    }

    static func speaker(of turn: JSONValue) -> String? {
        for key in speakers {
            if let name = turn[key]?.string { return name }
            if let name = turn[key]?["role"]?.string ?? turn[key]?["name"]?.string { return name }
        }
        return nil
    }

    /// A string, an array of strings, or an array of parts with a text each.
    static func words(of turn: JSONValue) -> String? {
        if let string = turn.string { return string }
        for key in contents {
            guard let value = turn[key] else { continue }
            if let string = value.string { return string }
            let parts = value.array ?? value["parts"]?.array
            if let parts {
                return parts.compactMap { $0.string ?? $0["text"]?.string }.joined(separator: "")
            }
        }
        return nil
    }
}
