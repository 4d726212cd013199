/// Cuts text so that a word index finds Chinese, which has no spaces: each run of Han, kana or hangul becomes
/// overlapping pairs and its last character ("天气好" gives 天气, 气好, 好); other text stays words.
enum SearchText {
    static func indexed(_ text: String) -> String {
        var words: [String] = []
        for run in runs(of: text) {
            guard run.isIdeographic else {
                words.append(run.text)
                continue
            }
            let characters = Array(run.text)
            for place in characters.indices.dropLast() { words.append(String(characters[place...place + 1])) }
            words.append(String(characters[characters.count - 1]))
        }
        return words.joined(separator: " ")
    }

    /// The FTS5 expression that finds every word of the text, or nil when it has none. The last word may be unfinished.
    static func query(_ text: String) -> String? {
        let terms = runs(of: text).prefix(StoreLimits.searchTermsMax).map { run -> String in
            let characters = Array(run.text)
            guard run.isIdeographic, characters.count > 1 else { return "\"\(run.text)\"*" }
            let pairs = characters.indices.dropLast().map { String(characters[$0...$0 + 1]) }
            return "\"\(pairs.joined(separator: " "))\""
        }
        return terms.isEmpty ? nil : terms.joined(separator: " AND ")
    }

    private struct Run {
        var text: String
        var isIdeographic: Bool
    }

    private static func runs(of text: String) -> [Run] {
        var runs: [Run] = []
        var isOpen = false
        for character in text.lowercased() {
            guard let scalar = character.unicodeScalars.first, character.isLetter || character.isNumber else {
                isOpen = false
                continue
            }
            let isIdeographic = isIdeographic(scalar)
            if isOpen, let last = runs.last, last.isIdeographic == isIdeographic {
                runs[runs.count - 1].text.append(character)
            } else {
                runs.append(Run(text: String(character), isIdeographic: isIdeographic))
            }
            isOpen = true
        }
        return runs
    }

    private static func isIdeographic(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2E80...0x2FDF, 0x3040...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF,
            0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
