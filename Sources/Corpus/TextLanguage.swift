/// Chinese, or anything else, which here is mostly English: losses of the two are shown apart.
package enum TextLanguage: UInt32, Sendable, CaseIterable {
    case english = 0
    case chinese = 1

    /// As logs call it.
    package var code: String { self == .chinese ? "zh" : "en" }

    /// A text is Chinese when at least this share of its letters are Han. An English word has about five letters, so
    /// half the words of a text with this share are Chinese.
    package static let hanShareMin = 0.2

    package init(of text: String) {
        var han = 0
        var letters = 0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A: letters += 1
            case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
                han += 1
                letters += 1
            // Latin with marks, Greek, Cyrillic and others; kana and hangul.
            case 0xC0...0x1FFF, 0x3041...0x30FF, 0xAC00...0xD7A3: letters += 1
            default: break
            }
        }
        self = letters > 0 && Double(han) >= Self.hanShareMin * Double(letters) ? .chinese : .english
    }
}
