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

    /// The words of an object that is a turn and nothing else: somebody says something.
    static func turn(_ value: JSONValue) -> String? {
        guard value.object != nil, speaker(of: value) != nil, let words = words(of: value), !words.isEmpty else {
            return nil
        }
        return words
    }

    /// A conversation as ChatGPT exports it: nodes by name, each with its parent; the branch that ends last is the one
    /// that was read.
    static func branch(_ mapping: JSONValue?) -> [UInt8]? {
        guard let nodes = mapping?.object else { return nil }
        let byName = Dictionary(nodes.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        let time: (JSONValue) -> Double = { $0["message"]?["create_time"]?.double ?? 0 }
        var name = byName.filter { $0.value["children"]?.array?.isEmpty ?? true }.max {
            (time($0.value), $0.key) < (time($1.value), $1.key)
        }?.key
        var turns: [JSONValue] = []
        var seen: Set<String> = []
        while let current = name, seen.insert(current).inserted, let node = byName[current] {
            if let message = node["message"], message["author"]?["role"]?.string != "system" { turns.append(message) }
            name = node["parent"]?.string
        }
        return text(turns.reversed())
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
