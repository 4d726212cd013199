/// A token that is looked for as a whole before the text is cut and merged.
struct AddedToken: Sendable {
    /// Who may write it.
    enum Level: UInt8, Sendable, Comparable {
        /// Part of the language of ordinary text: "\n\n\n", "<table>".
        case ordinary
        /// Not a control token, but models take it for a mark of structure: "<tool_call>", "<think>", "[INST]".
        case structural
        /// A control token: "<|im_end|>".
        case control

        static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    var id: Int32
    var level: Level
    /// Takes white space on its left, on its right with it.
    var stripsLeft = false
    var stripsRight = false
    /// Only where no letter, digit or underscore touches it.
    var isSingleWord = false

    /// Tells marks of structure among tokens that their file does not call special: a name in angle or square
    /// brackets that has an underscore or bar in it, is in capitals, or is a known one.
    static func level(ofUserDefined text: [UInt8]) -> Level {
        guard let first = text.first, let last = text.last, text.count > 2 else { return .ordinary }
        guard (first == 0x3C && last == 0x3E) || (first == 0x5B && last == 0x5D) else { return .ordinary }
        let name = text.dropFirst().dropLast().drop { $0 == 0x2F }
        if name.contains(0x5F) || name.contains(0x7C) { return .structural }
        let isCapitals = name.count > 1 && name.allSatisfy { (0x41...0x5A).contains($0) }
        let known = [
            "think", "tools", "tool", "multimodal", "answer", "system", "user", "assistant", "eos", "bos", "s",
        ]
        let isUnused = name.starts(with: Array("unused".utf8))
        return isCapitals || isUnused || known.contains(String(decoding: name, as: UTF8.self)) ? .structural : .ordinary
    }
}
