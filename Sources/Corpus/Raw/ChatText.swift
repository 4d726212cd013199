/// Chats that programs export as text: who spoke and when stands in a line of its own or before the words.
///
///     12/31/25, 10:01 PM - Ann: words            WhatsApp; also [31/12/25, 22:01:05] Ann: words
///     2025-12-31 22:01:05 安(12345)               QQ, the words in the lines that follow
///     安 2025/12/31 22:01                         copied from WeChat, likewise
///
/// Times go, and each turn becomes “who: words”.
enum ChatText {
    private static let turnsMin = 3
    /// Of the lines that are not empty, those that begin a turn.
    private static let turnShareMin = 0.2
    /// Of the turns, those that have words: a log of a program has one line each.
    private static let wordsShareMin = 0.7
    private static let speakerCharactersMax = 40
    /// A line that begins a turn without its words, or with a few of them.
    private static let headBytesMax = 4096
    private static let linesBeforeMax = 50

    /// Nil where the text is no chat.
    ///
    /// - Parameter text: valid UTF-8.
    static func dialogue(_ text: [UInt8]) -> [UInt8]? {
        // Cheap for what has no time of day near its beginning.
        guard hasTime(text.prefix(2048)) else { return nil }
        var turns: [(speaker: String, words: [String])] = []
        var lines = 0
        for bytes in text.split(separator: 0x0A) where bytes.contains(where: { $0 > 0x20 }) {
            lines += 1
            // A chat begins soon.
            if lines > linesBeforeMax, turns.isEmpty { return nil }
            let isShort = bytes.count <= headBytesMax
            if isShort, hasTime(bytes), let head = head(of: String(decoding: bytes, as: UTF8.self)[...]) {
                turns.append((head.speaker, head.words.isEmpty ? [] : [head.words]))
            } else if !turns.isEmpty {
                turns[turns.count - 1].words.append(String(decoding: bytes, as: UTF8.self).trimmed)
            }
        }
        let spoken = turns.filter { !$0.words.isEmpty }
        guard spoken.count >= turnsMin, Double(turns.count) >= turnShareMin * Double(lines),
            Double(spoken.count) >= wordsShareMin * Double(turns.count), Set(spoken.map(\.speaker)).count > 1
        else { return nil }
        var dialogue: [UInt8] = []
        for turn in spoken {
            DialogueText.append(turn.speaker, turn.words.joined(separator: "\n"), to: &dialogue)
        }
        return dialogue
    }

    private static func hasTime(_ text: ArraySlice<UInt8>) -> Bool {
        let isDigit: (UInt8) -> Bool = { $0 >= 0x30 && $0 <= 0x39 }
        var index = text.startIndex + 1
        while index + 2 < text.endIndex {
            if text[index] == UInt8(ascii: ":"), isDigit(text[index - 1]), isDigit(text[index + 1]),
                isDigit(text[index + 2])
            {
                return true
            }
            index += 1
        }
        return false
    }

    private static func head(of line: Substring) -> (speaker: String, words: String)? {
        if let rest = afterTime(line) {
            // The dash of WhatsApp, or the end of its brackets: who and what in one line.
            if let marked = rest.first, marked == "-" || marked == "]" {
                let said = rest.dropFirst().drop { $0.isWhitespace }
                guard let colon = said.range(of: ": ") else { return nil }
                return speaker(said[..<colon.lowerBound]).map { ($0, said[colon.upperBound...].trimmed) }
            }
            guard !rest.contains(": ") else { return nil }
            return speaker(rest).map { ($0, "") }
        }
        // Who before when.
        var start = line.startIndex
        while let space = line[start...].firstIndex(where: \.isWhitespace) {
            let next = line.index(after: space)
            if next < line.endIndex, line[next].isASCII, line[next].isNumber, let rest = afterTime(line[next...]),
                rest.isEmpty
            {
                return speaker(line[..<space]).map { ($0, "") }
            }
            start = next
        }
        return nil
    }

    /// A name without the number or address that QQ puts behind it.
    private static func speaker(_ text: Substring) -> String? {
        let name = text.prefix { $0 != "(" && $0 != "<" }.trimmed
        return name.isEmpty || name.count > speakerCharactersMax ? nil : name
    }

    /// What follows a date and a time at the beginning; nil where there are none.
    private static func afterTime(_ line: Substring) -> Substring? {
        var rest = line.drop { $0 == "[" || $0 == "\u{200E}" || $0 == "-" || $0 == "—" || $0.isWhitespace }
        for separators in ["-/.年", "-/.月", "日, \u{202F}"] {
            guard number(&rest), let next = rest.first, separators.contains(next) else { return nil }
            rest = rest.dropFirst()
        }
        let isFiller: (Character) -> Bool = { $0.isWhitespace || $0 == "," || "上午下中凌晨早晚".contains($0) }
        rest = rest.drop(while: isFiller)
        guard number(&rest), rest.first == ":" else { return nil }
        rest = rest.dropFirst()
        guard number(&rest) else { return nil }
        if rest.first == ":" {
            rest = rest.dropFirst()
            guard number(&rest) else { return nil }
        }
        rest = rest.drop(while: isFiller)
        let lower = rest.prefix(2).lowercased()
        if lower == "am" || lower == "pm" { rest = rest.dropFirst(2) }
        return rest.drop { $0.isWhitespace }
    }

    private static func number(_ rest: inout Substring) -> Bool {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest[digits.endIndex...]
        return (1...4).contains(digits.count)
    }
}
