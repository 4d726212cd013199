/// What a scalar is to washing.
package enum CharacterKind: UInt8 {
    case other
    case space
    case newline
    /// Of an alphabet, or a sign that combines with one.
    case letter
    case digit
    case han
    case kana
    case hangul
    /// Punctuation and symbols.
    case mark
    case emoji

    package var isEastAsian: Bool { self == .han || self == .kana || self == .hangul }
}

/// Kinds and traits of all scalars; the basic plane is looked up.
///
/// One byte a scalar: the kind in the low four bits, traits above them.
package struct CharacterTable: Sendable {
    /// Ends a sentence, or closes one that was quoted.
    package static let terminal: UInt8 = 0x10
    /// Begins an item of a list.
    package static let bullet: UInt8 = 0x20
    package static let kindMask: UInt8 = 0x0F

    package static let shared = CharacterTable()

    private let entries: [UInt8]

    private init() {
        var entries = [UInt8](repeating: 0, count: 0x10000)
        for value in UInt32(0)..<0x10000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            entries[Int(value)] = Self.kind(scalar).rawValue
        }
        for scalar in ".!?\"'。！？；…”’」』｡".unicodeScalars { entries[Int(scalar.value)] |= Self.terminal }
        for scalar in "-*•●◦▪‣·■◆○►–—".unicodeScalars { entries[Int(scalar.value)] |= Self.bullet }
        self.entries = entries
    }

    /// The entries, for loops that look up many.
    package func withEntries<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        entries.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the table is not empty") }
            return body(base)
        }
    }

    @inline(__always)
    package static func entry(_ scalar: UInt32, _ entries: UnsafePointer<UInt8>) -> UInt8 {
        scalar < 0x10000 ? entries[Int(scalar)] : supplementary(scalar).rawValue
    }

    package func kind(_ scalar: UInt32) -> CharacterKind {
        scalar < 0x10000
            ? CharacterKind(rawValue: entries[Int(scalar)] & Self.kindMask) ?? .other : Self.supplementary(scalar)
    }

    private static func supplementary(_ scalar: UInt32) -> CharacterKind {
        switch scalar {
        case 0x20000...0x3FFFF: .han
        case 0x1F000...0x1FAFF: .emoji
        case 0x1B000...0x1B16F: .kana
        case 0x10000...0x1DFFF: .letter
        default: .other
        }
    }

    private static func kind(_ scalar: Unicode.Scalar) -> CharacterKind {
        switch scalar.value {
        case 0x0A: return .newline
        case 0x09, 0x20, 0xA0, 0x2000...0x200A, 0x3000: return .space
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x3005, 0x3007: return .han
        case 0x3041...0x3096, 0x309D...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: return .kana
        case 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7A3: return .hangul
        case 0x2600...0x27BF: return .emoji
        default: break
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark:
            .letter
        case .decimalNumber, .letterNumber, .otherNumber: .digit
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            .mark
        case .spaceSeparator: .space
        default: .other
        }
    }
}
