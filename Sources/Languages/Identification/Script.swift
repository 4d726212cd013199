/// What letters a text is written in, as far as languages are told apart by it.
package enum Script: UInt8, CaseIterable, Sendable {
    /// Spaces, digits, punctuation, symbols.
    case none = 0
    case latin, cyrillic, arabic, devanagari, han, kana, hangul
    case greek, hebrew, thai, georgian, armenian, bengali, tamil, telugu, kannada, malayalam, gujarati, gurmukhi
    case sinhala, khmer, lao, burmese, tibetan, ethiopic
    /// Letters of any other script.
    case other

    /// The language of a script that has one; nil where n-grams must tell.
    var onlyLanguage: WrittenLanguage? {
        switch self {
        case .hangul: .ko
        case .greek: .el
        case .hebrew: .he
        case .thai: .th
        case .georgian: .ka
        case .armenian: .hy
        case .bengali: .bn
        case .tamil: .ta
        case .telugu: .te
        case .kannada: .kn
        case .malayalam: .ml
        case .gujarati: .gu
        case .gurmukhi: .pa
        case .sinhala: .si
        case .khmer: .km
        case .lao: .lo
        case .burmese: .my
        case .tibetan: .bo
        case .ethiopic: .am
        default: nil
        }
    }

    /// How much text one letter is, in letters of an alphabet: translations of one text have about one ideograph for
    /// three letters of English, one syllable of Hangul for two and a half, one kana for one and a half; a little more
    /// is given, because the words strewn in are oftener English than the other way.
    var lettersPerSign: Int32 {
        switch self {
        case .han: 6
        case .hangul: 7
        case .kana: 5
        case .none: 0
        default: 2
        }
    }

    /// Ranges of letters; what lies in none is `none`.
    static let ranges: [(ClosedRange<UInt32>, Script)] = [
        (0x41...0x5A, .latin), (0x61...0x7A, .latin), (0xAA...0xAA, .latin), (0xBA...0xBA, .latin),
        (0xC0...0xD6, .latin), (0xD8...0xF6, .latin), (0xF8...0x24F, .latin), (0x250...0x2AF, .other),
        (0x370...0x3FF, .greek), (0x400...0x52F, .cyrillic), (0x531...0x587, .armenian),
        (0x5D0...0x5F4, .hebrew), (0x620...0x65F, .arabic), (0x66E...0x6D3, .arabic), (0x6D5...0x6ED, .arabic),
        (0x6FA...0x6FF, .arabic), (0x700...0x74F, .other), (0x750...0x77F, .arabic), (0x780...0x8FF, .other),
        (0x900...0x963, .devanagari), (0x970...0x97F, .devanagari), (0x980...0x9E5, .bengali),
        (0xA00...0xA65, .gurmukhi), (0xA80...0xAE5, .gujarati), (0xB00...0xB65, .other), (0xB80...0xBE5, .tamil),
        (0xC00...0xC65, .telugu), (0xC80...0xCE5, .kannada), (0xD00...0xD65, .malayalam), (0xD80...0xDF3, .sinhala),
        (0xE01...0xE3A, .thai), (0xE40...0xE4E, .thai), (0xE80...0xECF, .lao), (0xF40...0xFBC, .tibetan),
        (0x1000...0x103F, .burmese), (0x10A0...0x10FF, .georgian), (0x1100...0x11FF, .hangul),
        (0x1200...0x135F, .ethiopic), (0x13A0...0x16F8, .other), (0x1780...0x17D3, .khmer), (0x1820...0x1CFF, .other),
        (0x1E00...0x1EFF, .latin), (0x1F00...0x1FFF, .greek), (0x2C00...0x2DDF, .other), (0x2E80...0x2FD5, .han),
        (0x3005...0x3007, .han), (0x3041...0x309F, .kana), (0x30A1...0x30FA, .kana), (0x30FC...0x30FF, .kana),
        (0x3105...0x312F, .han), (0x3131...0x318E, .hangul), (0x31F0...0x31FF, .kana), (0x3400...0x4DBF, .han),
        (0x4E00...0x9FFF, .han), (0xA000...0xABFF, .other), (0xAC00...0xD7A3, .hangul), (0xF900...0xFAFF, .han),
        (0xFB1D...0xFB4F, .hebrew), (0xFB50...0xFDFB, .arabic), (0xFE70...0xFEFC, .arabic), (0xFF21...0xFF3A, .latin),
        (0xFF41...0xFF5A, .latin), (0xFF66...0xFF9D, .kana),
    ]
}
