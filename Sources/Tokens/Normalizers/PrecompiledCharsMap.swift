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

    /// As SentencePiece: at each place the longest entry is replaced.
    func applyToPrefixes(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 4)
        var i = 0
        while i < text.count {
            if let (length, value) = match(text, i, text.count, longest: true), let new = replacement(value) {
                output += new
                i += length
            } else {
                var next = i + 1
                while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
                output += text[i..<next]
                i = next
            }
        }
        return LenientUTF8.mended(output)
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
                    output += transformed(part) ?? part[...]
                }
            }
        }
        return LenientUTF8.mended(output)
    }

    private func transformed(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
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

    private func replacement(_ place: Int) -> ArraySlice<UInt8>? {
        guard place < texts.count, let end = texts[place...].firstIndex(of: 0) else { return nil }
        return texts[place..<end]
    }
}
