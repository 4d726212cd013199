/// The family of patterns that GPT-2 began: contractions, words, numbers, symbols, white space.
///
///     GPT-2    's|'t|…| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///     Llama 3  (?i:'s|'t|…)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
///     Qwen 2   as Llama 3 with \p{N}
///     Qwen 3.5 as Qwen 2 with [\p{L}\p{M}] for \p{L} and no marks among the symbols
///
/// Together the alternatives match at every scalar, so pieces follow each other without gaps.
struct WordPattern: Sendable, Equatable {
    enum Contractions: Sendable { case none, lowercase, anyCase }

    var contractions = Contractions.anyCase
    /// Scalars of a word: letters, or letters and marks.
    var letters = ScalarClasses.letter
    /// True for `[^\r\n\p{L}\p{N}]?` before a word; false for ` ?` before words and numbers.
    var takesAnyPrefix = true
    /// Digits in one piece.
    var digitsMax = 1
    /// True for `[\r\n]*` after symbols.
    var symbolsTakeNewlines = true
    /// True for `\s*[\r\n]+`.
    var splitsAtNewlines = true

    static let gpt2 = WordPattern(
        contractions: .lowercase, takesAnyPrefix: false, digitsMax: .max, symbolsTakeNewlines: false,
        splitsAtNewlines: false)
    static let llama3 = WordPattern(digitsMax: 3)
    static let qwen2 = WordPattern()
    static let qwen35 = WordPattern(letters: ScalarClasses.letter | ScalarClasses.mark)

    /// End of the piece that starts at `start`; `start < limit`.
    @inline(__always)
    func end(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int {
        let first = reader.unit(text, start)
        if first.scalar == 0x27, contractions != .none, let end = contractionEnd(text, start, limit) { return end }
        if takesAnyPrefix {
            if first.has(letters) { return reader.endOfRun(text, first.next, limit, of: letters) }
            if first.has(ScalarClasses.number) { return numberEnd(text, first.next, limit, reader) }
            if first.next < limit, !first.isNewline {
                let second = reader.unit(text, first.next)
                if second.has(letters) { return reader.endOfRun(text, second.next, limit, of: letters) }
            }
        }
        var body = first
        if first.scalar == 0x20, first.next < limit { body = reader.unit(text, first.next) }
        if !takesAnyPrefix {
            if body.has(ScalarClasses.letter) {
                return reader.endOfRun(text, body.next, limit, of: ScalarClasses.letter)
            }
            if body.has(ScalarClasses.number) {
                return reader.endOfRun(text, body.next, limit, of: ScalarClasses.number)
            }
        }
        let notSymbol = letters | ScalarClasses.number | ScalarClasses.space
        if !body.has(notSymbol) {
            var end = reader.endOfRun(text, body.next, limit, without: notSymbol)
            if symbolsTakeNewlines {
                while end < limit, text[end] == 0x0A || text[end] == 0x0D { end += 1 }
            }
            return end
        }
        return reader.endOfSpace(text, start, limit, splitsAtNewlines: splitsAtNewlines)
    }

    /// `\p{N}{1,digitsMax}` of which the first digit has been read.
    private func numberEnd(_ text: [UInt8], _ i: Int, _ limit: Int, _ reader: ScalarReader) -> Int {
        var i = i
        var digits = 1
        while i < limit, digits < digitsMax {
            let unit = reader.unit(text, i)
            if !unit.has(ScalarClasses.number) { break }
            i = unit.next
            digits += 1
        }
        return i
    }

    private func contractionEnd(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int? {
        Self.contractionEnd(text, start, limit, anyCase: contractions == .anyCase)
    }

    /// End of `'s|'t|'re|'ve|'m|'ll|'d` at an apostrophe. Without regard to case "s" is also U+017F, the long s,
    /// as Unicode's case folding and the tokenizers that models were trained with have it.
    static func contractionEnd(_ text: [UInt8], _ start: Int, _ limit: Int, anyCase: Bool) -> Int? {
        let lower: UInt8 = anyCase ? 0x20 : 0
        guard start + 1 < limit else { return nil }
        let second = text[start + 1] < 0x80 ? text[start + 1] | (text[start + 1] >= 0x41 ? lower : 0) : 0
        switch second {
        case 0x73, 0x74, 0x6D, 0x64:  // s t m d
            return start + 2
        case 0x72, 0x76, 0x6C:  // re ve ll
            guard start + 2 < limit, text[start + 2] < 0x80, text[start + 2] >= 0x41 else { return nil }
            return text[start + 2] | lower == (second == 0x6C ? 0x6C : 0x65) ? start + 3 : nil
        default:
            guard anyCase, start + 2 < limit, text[start + 1] == 0xC5, text[start + 2] == 0xBF else { return nil }
            return start + 3
        }
    }
}
