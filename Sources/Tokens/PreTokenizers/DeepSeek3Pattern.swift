/// The word pattern of DeepSeek V3, which follows splits at numbers and at Han and kana runs.
///
///     [ASCII punctuation][A-Za-z]+ | [^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+ |  ?[\p{P}\p{S}]+[\r\n]*
///     | \s*[\r\n]+ | \s+(?!\S) | \s+
///
/// It does not match at every scalar: what lies between matches is a piece of its own.
struct DeepSeek3Pattern: Sendable, Equatable {
    private static let word = ScalarClasses.letter | ScalarClasses.mark
    private static let symbol = ScalarClasses.punctuation | ScalarClasses.symbol

    func end(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int {
        if let end = match(text, start, limit, reader) { return end }
        var i = reader.unit(text, start).next
        while i < limit, match(text, i, limit, reader) == nil { i = reader.unit(text, i).next }
        return i
    }

    private func match(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int? {
        let first = reader.unit(text, start)
        if first.scalar < 0x80, first.has(Self.symbol), first.next < limit, Self.isASCIILetter(text[first.next]) {
            var end = first.next
            while end < limit, Self.isASCIILetter(text[end]) { end += 1 }
            return end
        }
        if !first.has(ScalarClasses.letter | Self.symbol), !first.isNewline, first.next < limit,
            reader.unit(text, first.next).has(Self.word)
        {
            return reader.endOfRun(text, first.next, limit, of: Self.word)
        }
        if first.has(Self.word) { return reader.endOfRun(text, start, limit, of: Self.word) }
        var body = first
        if first.scalar == 0x20, first.next < limit { body = reader.unit(text, first.next) }
        if body.has(Self.symbol) {
            var end = reader.endOfRun(text, body.next, limit, of: Self.symbol)
            while end < limit, text[end] == 0x0A || text[end] == 0x0D { end += 1 }
            return end
        }
        return first.isSpace ? reader.endOfSpace(text, start, limit, splitsAtNewlines: true) : nil
    }

    private static func isASCIILetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
