/// What a scalar is to comparisons of texts.
enum ScalarKind {
    /// White space, punctuation, symbols: between units.
    case separator
    /// Part of a word that others of its kind continue.
    case word
    /// A unit by itself: of scripts that leave no space between words.
    case character

    /// - Parameter scalar: above ASCII.
    @inline(__always)
    init(_ scalar: UInt32) {
        switch scalar {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x3041...0x3096, 0x30A1...0x30FA, 0x20000...0x3FFFF: self = .character
        case 0x80...0xBF: self = scalar == 0xAA || scalar == 0xB5 || scalar == 0xBA ? .word : .separator
        case 0xD7, 0xF7: self = .separator
        // General punctuation to Braille: marks, arrows, formulas, boxes; the letters among them are few.
        case 0x2000...0x2BFF, 0x2E00...0x2E7F, 0x3000...0x3004, 0x3008...0x3020, 0x3030: self = .separator
        case 0x3005...0x3007, 0x3021...0x3029, 0x30FB...0x30FF, 0x31F0...0x31FF, 0xF900...0xFAFF: self = .character
        // Thai, Lao, Tibetan, Burmese, Khmer.
        case 0x0E01...0x0FBC, 0x1000...0x109F, 0x1780...0x17FF: self = .character
        case 0xE000...0xF8FF, 0xFE00...0xFE6F, 0xFEFF, 0xFF00...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40,
            0xFF5B...0xFF65, 0xFFE0...0xFFFF, 0x1F000...0x1FAFF, 0xE0000...0x10FFFF:
            self = .separator
        default: self = .word
        }
    }

    /// Without case and width, by ranges; what it leaves as it is only compares as different.
    @inline(__always)
    static func folded(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xC0...0xDE, 0x391...0x3A9, 0x410...0x42F: scalar + 0x20
        case 0x400...0x40F: scalar + 0x50
        case 0x100...0x137, 0x14A...0x177, 0x1E00...0x1EFF, 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: scalar | 1
        case 0xFF10...0xFF19, 0xFF41...0xFF5A: scalar - 0xFEE0
        case 0xFF21...0xFF3A: scalar - 0xFEE0 + 0x20
        default: scalar
        }
    }
}
