import JSON
import Tokens

/// What a vocabulary is made of.
struct VocabularySheet {
    /// What a token's bytes are, with the names that JSON has.
    enum Kind: String, CaseIterable {
        case control, fragment, space, digits, signs
        case han1 = "han_1"
        case han2 = "han_2"
        case han3 = "han_3"
        case hanLong = "han_4_or_more"
        case latinAfterSpace = "latin_after_space"
        case latin, phrases, other

        var title: String {
            switch self {
            case .control: Language.text(zh: "控制词元", en: "control tokens")
            case .fragment: Language.text(zh: "字节与残字", en: "bytes and parts of characters")
            case .space: Language.text(zh: "空白", en: "white space")
            case .digits: Language.text(zh: "数字", en: "digits")
            case .signs: Language.text(zh: "标点与符号", en: "punctuation and signs")
            case .han1: Language.text(zh: "单个汉字", en: "one Han character")
            case .han2: Language.text(zh: "两个汉字", en: "two Han characters")
            case .han3: Language.text(zh: "三个汉字", en: "three Han characters")
            case .hanLong: Language.text(zh: "四个以上汉字", en: "four or more Han characters")
            case .latinAfterSpace: Language.text(zh: "空格加拉丁字母", en: "Latin letters after a space")
            case .latin: Language.text(zh: "拉丁字母", en: "Latin letters")
            case .phrases: Language.text(zh: "几个词，或词与标点", en: "several words, or words and signs")
            case .other: Language.text(zh: "其他", en: "others")
            }
        }
    }

    private(set) var counts: [Kind: Int] = [:]
    /// The longest tokens by bytes, the longest first.
    private(set) var longest: [String] = []
    private static let longestShown = 12

    init(_ tokenizer: Tokenizer) {
        var texts: [String] = []
        for id in 0..<Int32(tokenizer.vocabularySize) {
            let bytes = tokenizer.bytes(of: id, special: true)
            let text = String(validating: bytes, as: UTF8.self)
            let kind = tokenizer.isSpecial(id) ? .control : text.map(Self.kind) ?? .fragment
            counts[kind, default: 0] += 1
            if kind != .control, let text { texts.append(text) }
        }
        longest = Array(texts.sorted { ($0.utf8.count, $1) > ($1.utf8.count, $0) }.prefix(Self.longestShown))
    }

    private static func kind(_ text: String) -> Kind {
        let scalars = Array(text.unicodeScalars)
        let isSpaced = scalars.count > 1 && scalars[0] == " "
        let body = isSpaced ? scalars[1...] : scalars[...]
        if scalars.isEmpty { return .fragment }
        if scalars.count == 1, scalars[0].value >= 0x7F, scalars[0].value < 0xA0 { return .fragment }
        if scalars.allSatisfy(\.properties.isWhitespace) { return .space }
        if scalars.allSatisfy(isHan) {
            return [.han1, .han2, .han3, .hanLong][min(scalars.count, 4) - 1]
        }
        if body.allSatisfy(isLatin) { return isSpaced ? .latinAfterSpace : .latin }
        if body.allSatisfy({ $0.properties.numericType != nil }) { return .digits }
        if !scalars.contains(where: { $0.properties.isAlphabetic }) { return .signs }
        if scalars.dropFirst().contains(" ") || scalars.dropFirst().contains(where: isSign) { return .phrases }
        return .other
    }

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isAlphabetic && scalar.properties.numericType == nil && !isHan(scalar)
    }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic && scalar.value < 0x250
    }

    var json: JSONValue {
        .object(JSONObject(Kind.allCases.map { (key: $0.rawValue, value: .int(counts[$0] ?? 0)) }))
    }
}
