/// SentencePiece's compiled table of replacements: a double array over the bytes of what is replaced, and the texts
/// that replace it.
///
///     | u32 size of the array in bytes | array of u32, little-endian | texts, each ended by a zero byte |
///
///     one entry of the array:  bits 0-7 label   bit 8 has a value   bit 9 wide offset   bits 10-30 offset
///     a value entry:           bit 31 set, bits 0-30 place of the text
///
/// Everything is checked when it is read: a broken table replaces nothing, it never traps. A table whose texts are
/// parts of scalars gives U+FFFD for them.
struct PrecompiledCharsMap: Sendable {
    /// Bytes of a text that replaces something; longer ones replace nothing. SentencePiece's own have at most 33.
    static let replacementBytesMax = 256

    private let units: [UInt32]
    private let texts: [UInt8]

    init(_ blob: [UInt8]) throws(TokensError) {
        guard blob.count >= 4 else {
            throw .malformed(what: "precompiled_charsmap", expected: "at least 4 bytes", found: "\(blob.count)")
        }
        let size = Int(Self.word(blob, 0))
        guard size % 4 == 0, size <= blob.count - 4 else {
            throw .malformed(
                what: "precompiled_charsmap", expected: "an array of at most \(blob.count - 4) bytes", found: "\(size)")
        }
        units = (0..<size / 4).map { Self.word(blob, 4 + $0 * 4) }
        texts = Array(blob[(4 + size)...])
    }

    private static func word(_ bytes: [UInt8], _ i: Int) -> UInt32 {
        UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i + 2]) << 16 | UInt32(bytes[i + 3]) << 24
    }

    /// A table that replaces nothing.
    static let none = PrecompiledCharsMap()

    private init() {
        units = []
        texts = []
    }

    /// As SentencePiece: at each place the longest entry is replaced. The text may be any bytes; those that are part of
    /// no sequence come out as U+FFFD, which no entry is asked about.
    func applyToPrefixes(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 4)
        var i = 0
        while i < text.count {
            if let (length, value) = match(text, i, text.count, longest: true), let new = replacement(value) {
                output += new
                i += length
            } else if let (_, length) = LenientUTF8.sequence(text, i) {
                output += text[i..<i + length]
                i += length
            } else {
                LenientUTF8.append(0xFFFD, to: &output)
                i += 1
            }
        }
        return output
    }

    /// As Hugging Face's package: a grapheme of less than six bytes is replaced whole by the shortest entry that
    /// begins it; failing that each of its scalars likewise.
    func applyToGraphemes(_ text: [UInt8]) -> [UInt8] {
        let graphemeBytesMax = 6
        var output: [UInt8] = []
        for character in String(decoding: text, as: UTF8.self) {
            let bytes = Array(character.utf8)
            if bytes.count < graphemeBytesMax, let new = transformed(bytes) {
                output += new
            } else {
                for scalar in character.unicodeScalars {
                    let part = Array(String(scalar).utf8)
                    output += transformed(part) ?? part
                }
            }
        }
        return output
    }

    private func transformed(_ bytes: [UInt8]) -> [UInt8]? {
        match(bytes, 0, bytes.count, longest: false).flatMap { replacement($0.value) }
    }

    private func match(_ text: [UInt8], _ start: Int, _ end: Int, longest: Bool) -> (length: Int, value: Int)? {
        guard let root = units.first else { return nil }
        var node = Int(Self.offset(root))
        var found: (Int, Int)?
        for i in start..<end {
            let byte = text[i]
            if byte == 0 { break }
            node ^= Int(byte)
            guard node < units.count else { break }
            let unit = units[node]
            guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { break }
            node ^= Int(Self.offset(unit))
            guard unit >> 8 & 1 == 1 else { continue }
            guard node < units.count else { break }
            found = (i - start + 1, Int(units[node] & 0x7FFF_FFFF))
            if !longest { break }
        }
        return found
    }

    private static func offset(_ unit: UInt32) -> UInt32 { (unit >> 10) << ((unit & 1 << 9) >> 6) }

    private func replacement(_ place: Int) -> [UInt8]? {
        let limit = min(place + Self.replacementBytesMax + 1, texts.count)
        guard place < texts.count, let end = texts[place..<limit].firstIndex(of: 0) else { return nil }
        return LenientUTF8.mended(Array(texts[place..<end]))
    }
}
