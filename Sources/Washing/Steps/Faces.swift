/// Faces made of marks in parentheses: (^_^), (╯°□°）, (´・ω・`), (≧▽≦).
enum Faces {
    /// What stands in them, and hardly ever in parentheses otherwise; eyes that code and prose have too need a second
    /// sign.
    private static let sure: Set<UInt32> = Set(
        "ω´∀▽ﾟ°□◕‿≧≦￣дД╯╰╥﹏ε∇●◡ಠ益｀⌒ヮ⊙﹃★☆♪≡".unicodeScalars.map(\.value))
    private static let eyes: Set<UInt32> = Set("^`_;><-~*・•=‘’'".unicodeScalars.map(\.value))
    /// Eyes only with a mouth between them: (T_T), (o_o).
    private static let letters: Set<UInt32> = Set("ToOuQxX".unicodeScalars.map(\.value))
    private static let scalarsMax = 14
    private static let wordsMax = 3

    /// Behind the closing parenthesis of a face that opens before `place`; nil when it is none.
    static func end(
        _ bytes: UnsafePointer<UInt8>, _ place: Int, _ count: Int, _ entries: UnsafePointer<UInt8>
    ) -> Int? {
        var next = place
        var (scalars, signs, surely, words, letterEyes) = (0, 0, 0, 0, 0)
        var (firstSign, hasOther, hasMouth) = (UInt32(0), false, false)
        while next < count, scalars < scalarsMax {
            let scalar = UTF8Text.next(bytes, &next, count)
            if scalar == 0x29 || scalar == 0xFF09 {
                let isDrawn = surely >= 2 || surely >= 1 && signs >= 2 || signs >= 3 && words == 0
                let isFace = isDrawn && hasOther || scalars == 3 && letterEyes == 2 && hasMouth
                return isFace ? next : nil
            }
            guard scalar != 0x0A else { return nil }
            scalars += 1
            if signs == 0 { firstSign = scalar } else if scalar != firstSign { hasOther = true }
            hasMouth = hasMouth || scalar == 0x5F
            letterEyes += letters.contains(scalar) ? 1 : 0
            if sure.contains(scalar) {
                surely += 1
                signs += 1
            } else if eyes.contains(scalar) {
                signs += 1
            } else {
                let kind = CharacterTable.entry(scalar, entries) & CharacterTable.kindMask
                let isWord = kind >= CharacterKind.letter.rawValue && kind <= CharacterKind.hangul.rawValue
                words += isWord ? 1 : 0
                guard words <= wordsMax else { return nil }
            }
        }
        return nil
    }
}
