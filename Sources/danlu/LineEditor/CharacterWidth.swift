/// How many columns of a terminal text takes: 2 for Chinese characters and emoji, 0 for what has no shape of its own.
package enum CharacterWidth {
    package static func of(_ text: some Sequence<Character>) -> Int { text.reduce(0) { $0 + of($1) } }

    package static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.value < 0x7F { return first.value < 0x20 ? 0 : hasEmojiShape(character) ? 2 : 1 }
        switch first.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator: return 0
        default: return isWide(first) || hasEmojiShape(character) ? 2 : 1
        }
    }

    /// A variation selector asks for the picture; two regional indicators are a flag.
    private static func hasEmojiShape(_ character: Character) -> Bool {
        let scalars = character.unicodeScalars
        guard scalars.count > 1 else { return false }
        return scalars.contains { $0.value == 0xFE0F } || scalars.allSatisfy { (0x1F1E6...0x1F1FF).contains($0.value) }
    }

    /// Wide and fullwidth of Unicode's East Asian Width, by block where a whole block is wide.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD:
            true
        default: scalar.properties.isEmojiPresentation
        }
    }
}
