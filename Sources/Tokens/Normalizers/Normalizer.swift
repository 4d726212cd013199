/// Changes to a text before it is cut: steps in order.
///
/// Vocabularies that write "▁" for a space hold spaces here (see `Vocabulary`), so for those the usual step
/// " " → "▁" has become its reverse.
struct Normalizer: Sendable {
    enum Form: Sendable { case composed, decomposed, compatibleComposed, compatibleDecomposed }

    enum Step: Sendable {
        case unicode(Form)
        case lowercase
        /// White space off the start, the end.
        case strip(left: Bool, right: Bool)
        /// Put before a text that is not empty.
        case prepend([UInt8])
        case replace([UInt8], [UInt8])
        /// Runs of two and more spaces.
        case replaceSpaces([UInt8])
        /// As SentencePiece: a space before the first word, and, when they are merged, one before every other word and
        /// none anywhere else.
        case spaces(prefix: Bool, merges: Bool)
        case charsMap(PrecompiledCharsMap, perGrapheme: Bool)
    }

    var steps: [Step] = []

    /// Whether the first step mends bytes that are not UTF-8 itself.
    var takesAnyBytes: Bool { if case .charsMap(_, perGrapheme: false) = steps.first { true } else { false } }

    /// False when `apply` would surely change nothing.
    func isNeeded(_ text: [UInt8], _ start: Int, _ end: Int) -> Bool {
        for step in steps {
            switch step {
            case .unicode(.composed): if !Self.isSurelyComposed(text, start, end) { return true }
            case .replace(let old, _):
                if let first = old.first, text[start..<end].contains(first) { return true }
            default: return true
            }
        }
        return false
    }

    func apply(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for step in steps { text = Self.apply(step, text) }
        return text
    }

    private static func apply(_ step: Step, _ text: [UInt8]) -> [UInt8] {
        switch step {
        case .unicode(let form): UnicodeForms.shared.apply(form, text)
        case .lowercase: mapScalars(text) { $0.properties.lowercaseMapping }
        case .strip(let left, let right): strip(text, left, right)
        case .prepend(let bytes): text.isEmpty ? text : bytes + text
        case .replace(let old, let new): replace(old, new, in: text)
        case .replaceSpaces(let new): replaceSpaces(new, in: text)
        case .spaces(let prefix, let merges): spaced(text, prefix, merges)
        case .charsMap(let map, let perGrapheme): perGrapheme ? map.applyToGraphemes(text) : map.applyToPrefixes(text)
        }
    }

    /// True when every scalar is one that canonical composition leaves alone wherever it stands: those below U+0300,
    /// and the blocks of kana (without the combining voice marks), Han and Hangul syllables.
    private static func isSurelyComposed(_ text: [UInt8], _ start: Int, _ end: Int) -> Bool {
        let reader = ScalarReader()
        var i = start
        while i < end {
            if text[i] < 0x80 {
                i += 1
                continue
            }
            let unit = reader.unit(text, i)
            switch unit.scalar {
            case ..<0x300, 0x2010...0x2027, 0x3000...0x3029, 0x3030...0x3098, 0x309B...0x30FF, 0x3400...0x4DBF,
                0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFF00...0xFFEF:
                break
            default: return false
            }
            i = unit.next
        }
        return true
    }

    private static func mapScalars(_ text: [UInt8], _ change: (Unicode.Scalar) -> String) -> [UInt8] {
        var output: [UInt8] = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { output += change(scalar).utf8 }
        return output
    }

    private static func strip(_ text: [UInt8], _ left: Bool, _ right: Bool) -> [UInt8] {
        let string = String(decoding: text, as: UTF8.self).unicodeScalars
        var kept = string[...]
        if left { kept = kept.drop { $0.properties.isWhitespace } }
        if right { while let last = kept.last, last.properties.isWhitespace { kept.removeLast() } }
        return Array(String(kept).utf8)
    }

    private static func replace(_ old: [UInt8], _ new: [UInt8], in text: [UInt8]) -> [UInt8] {
        guard let first = old.first, text.contains(first) else { return text }
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var i = 0
        while i < text.count {
            if text[i] == first, i + old.count <= text.count, text[i..<i + old.count].elementsEqual(old) {
                output += new
                i += old.count
            } else {
                output.append(text[i])
                i += 1
            }
        }
        return output
    }

    private static func spaced(_ text: [UInt8], _ prefix: Bool, _ merges: Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + 1)
        var isInWord = false
        var needsPrefix = prefix
        for byte in text {
            if byte == 0x20 {
                isInWord = false
                if !merges { output.append(0x20) }
                continue
            }
            if !isInWord, needsPrefix || merges {
                output.append(0x20)
                needsPrefix = false
            }
            isInWord = true
            output.append(byte)
        }
        return output
    }

    private static func replaceSpaces(_ new: [UInt8], in text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var i = 0
        while i < text.count {
            var end = i
            while end < text.count, text[end] == 0x20 { end += 1 }
            if end - i >= 2 { output += new } else { output += text[i..<max(end, i + 1)] }
            i = max(end, i + 1)
        }
        return output
    }
}
