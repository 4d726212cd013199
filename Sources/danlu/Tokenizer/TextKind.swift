/// What a line of text is, roughly: vocabularies are judged for each apart.
enum TextKind: String, CaseIterable {
    case chinese = "zh"
    case english = "en"
    case code
    case other

    /// Signs that code has and prose does not.
    private static let codeSigns = Set("{}[]()<>=;_$#\\|&*+/`@^~\"".unicodeScalars)
    private static let codeSignShareMin = 0.12
    private static let hanShareMin = 0.25

    /// By the share of Han, of signs, and of letters among what is not space.
    init(of line: some StringProtocol) {
        var (solid, han, signs, letters) = (0, 0, 0, 0)
        for scalar in line.unicodeScalars where !scalar.properties.isWhitespace {
            solid += 1
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A: letters += 1
            case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: han += 1
            default: if Self.codeSigns.contains(scalar) { signs += 1 }
            }
        }
        if solid == 0 {
            self = .other
        } else if Double(han) >= Self.hanShareMin * Double(solid) {
            self = .chinese
        } else if Double(signs) >= Self.codeSignShareMin * Double(solid) {
            self = .code
        } else {
            self = letters * 2 >= solid ? .english : .other
        }
    }
}
