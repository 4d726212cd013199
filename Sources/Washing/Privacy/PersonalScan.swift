/// Looks at one place of a text for every kind of personal data that may begin, or be recognised, there.
///
/// Places that are looked at: digits, letters, `+`, `(`, `[`, `@`, `#`, `:`, the first byte of signs that plates begin
/// with and of 号, which ends a house number.
struct PersonalScan {
    let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Digits and marks; letters that hexadecimal numbers, credit codes, "at" and "P.O." begin with; 京, 号 and the
    /// rest of their block.
    static let isTrigger: [Bool] = (0..<256).map { value in
        let byte = UInt8(value)
        return isDigit(byte) || "+(@:[#abcdefABCDEFNPY".utf8.contains(byte) || (0xE4...0xE9).contains(byte)
    }

    private static let keys = ["card", "phone", "mobile", "tel", "idcard", "id_card", "id_no", "account"]

    func finding(at place: Int) -> PersonalFinding? {
        switch bytes[place] {
        case UInt8(ascii: "@"): return mail(at: place)
        case UInt8(ascii: ":"): return ip6(at: place)
        case 0xE4...0xE9: return plate(at: place) ?? chineseAddress(at: place)
        case UInt8(ascii: "+"): return telephone(at: place)
        case UInt8(ascii: "("): return telephone(at: place) ?? mail(bracketAt: place)
        case UInt8(ascii: "["): return mail(bracketAt: place)
        case UInt8(ascii: "#"): return mail(hashAt: place)
        case let byte where Self.isDigit(byte):
            guard isFree(before: place) else { return nil }
            return identityCard(at: place) ?? creditCode(at: place) ?? bankCard(at: place) ?? telephone(at: place)
                ?? ip4(at: place) ?? englishAddress(at: place) ?? ip6(hexAt: place)
        default:
            guard isFree(before: place) else { return nil }
            return creditCode(at: place) ?? ip6(hexAt: place) ?? mail(spelledAt: place) ?? postBox(at: place)
        }
    }

    /// Nothing that a number or code would go on from: no letter, digit or sign of identifiers, amounts and paths.
    func isFree(before place: Int) -> Bool {
        guard place > 0 else { return true }
        let byte = bytes[place - 1]
        if Self.isDigit(byte) || Self.isLetter(byte) || "_#$&%\\".utf8.contains(byte) { return false }
        // "mobile=139…" names what comes; two numbers may have a stroke between them.
        if byte == UInt8(ascii: "=") { return follows(Self.keys, place, within: 12) }
        if byte == UInt8(ascii: "/") { return place > 11 && digits(at: place - 12) == 11 }
        // "3.14": a point or hyphen after a digit or letter.
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ",") {
            return place < 2 || !Self.isDigit(bytes[place - 2])
        }
        // ¥ and full-width ＄ are ends of longer sequences; what they stand before is an amount.
        return !(byte == 0xA5 && place >= 2 && (bytes[place - 2] == 0xC2 || bytes[place - 2] == 0xBF))
    }

    /// The same behind.
    func isFree(after place: Int) -> Bool {
        guard place < bytes.count else { return true }
        let byte = bytes[place]
        if Self.isDigit(byte) || Self.isLetter(byte) || "_=%\\".utf8.contains(byte) { return false }
        if byte == UInt8(ascii: "/") {
            return place + 1 < bytes.count && bytes[place + 1] >= 0x80 || digits(at: place + 1) > 6
        }
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ",") {
            return place + 1 >= bytes.count || !Self.isDigit(bytes[place + 1])
        }
        return true
    }

    /// How many digits stand at `place`.
    func digits(at place: Int, max limit: Int = 64) -> Int {
        var count = 0
        while count < limit, place + count < bytes.count, Self.isDigit(bytes[place + count]) { count += 1 }
        return count
    }

    /// Whether the text has these bytes at `place`.
    func has(_ text: StaticString, at place: Int) -> Bool {
        guard place >= 0, place + text.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
    }

    /// Whether one of the words ends within a few bytes before `place`.
    func follows(_ words: [String], _ place: Int, within: Int = 24) -> Bool {
        let window = bytes[max(0, place - within)..<place]
        return words.contains { word in
            let word = Array(word.utf8)
            guard window.count >= word.count else { return false }
            return (window.startIndex...window.endIndex - word.count).contains { start in
                word.indices.allSatisfy { Self.lower(window[start + $0]) == word[$0] }
            }
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
