/// Takes a `.po` file in, line by line.
struct CatalogueText {
    private enum Field { case none, context, source, plural, translation, otherForm }

    private var catalogue = MessageCatalogue()
    private var field = Field.none
    private var message: (context: String?, source: String, translation: String) = (nil, "", "")
    private var hasMessage = false
    private var isFuzzy = false

    /// - Parameter text: valid UTF-8.
    mutating func parse(_ text: [UInt8]) -> MessageCatalogue {
        for bytes in text.split(separator: 0x0A) {
            let line = String(decoding: bytes, as: UTF8.self).trimmed
            if line.hasPrefix("#") {
                if field == .translation || field == .otherForm { finish() }
                // Obsolete messages are comments: `#~ msgid "…"`.
                if line.hasPrefix("#,"), line.contains("fuzzy") { isFuzzy = true }
            } else if line.hasPrefix("\"") {
                append(line[...])
            } else {
                begin(line)
            }
        }
        finish()
        return catalogue
    }

    private mutating func begin(_ line: String) {
        let word = line.prefix { $0 != " " && $0 != "\"" }
        switch word {
        case "msgctxt":
            if field == .translation || field == .otherForm { finish() }
            field = .context
            message.context = ""
        case "msgid":
            if field == .translation || field == .otherForm { finish() }
            field = .source
            hasMessage = true
        case "msgid_plural": field = .plural
        case "msgstr", "msgstr[0]": field = .translation
        default: field = word.hasPrefix("msgstr[") ? .otherForm : .none
        }
        append(line.dropFirst(word.count))
    }

    private mutating func append(_ quoted: Substring) {
        let text = Self.unquoted(quoted)
        switch field {
        case .context: message.context = (message.context ?? "") + text
        case .source: message.source += text
        case .translation: message.translation += text
        case .none, .plural, .otherForm: break
        }
    }

    private mutating func finish() {
        defer { (field, message, hasMessage, isFuzzy) = (.none, (nil, "", ""), false, false) }
        guard hasMessage, !message.translation.isEmpty else { return }
        if message.source.isEmpty {
            catalogue.language = MessageCatalogue.header(message.translation, "Language")
        } else if !isFuzzy {
            catalogue.messages.append(
                CatalogueMessage(
                    context: message.context, source: message.source, translation: message.translation))
        }
    }

    /// What stands between the first quotation mark and the last, escapes taken back.
    private static func unquoted(_ text: Substring) -> String {
        guard let start = text.firstIndex(of: "\""), let end = text.lastIndex(of: "\""), start < end else { return "" }
        var result = ""
        var isEscaped = false
        for character in text[text.index(after: start)..<end] {
            if isEscaped {
                switch character {
                case "n": result.append("\n")
                case "t": result.append("\t")
                case "r": break
                default: result.append(character)
                }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
