/// Bytes that need not be UTF-8, made into something that scanners can walk.
///
/// Text that is UTF-8 passes unchanged. Otherwise each byte that starts no sequence becomes U+FFFD (EF BF BD), and,
/// as llama.cpp does, sequences of the right shape are accepted though UTF-8 forbids them: overlong forms become the
/// scalar they spell, surrogates stay as they are. Sequences beyond U+10FFFF, on which llama.cpp dies, count as bytes
/// that start nothing.
enum LenientUTF8 {
    /// Index of the first byte from `start` on that is not part of strict UTF-8, or nil.
    static func firstInvalid(_ bytes: [UInt8], from start: Int = 0) -> Int? {
        var i = start
        while i < bytes.count {
            if bytes[i] < 0x80 {
                i += 1
                continue
            }
            guard let (scalar, length) = sequence(bytes, i) else { return i }
            let isOverlong =
                (length == 2 && scalar < 0x80) || (length == 3 && scalar < 0x800) || (length == 4 && scalar < 0x10000)
            if isOverlong || (0xD800...0xDFFF).contains(scalar) { return i }
            i += length
        }
        return nil
    }

    /// The bytes with every fault mended as described above.
    static func mended(_ bytes: [UInt8]) -> [UInt8] {
        guard var i = firstInvalid(bytes) else { return bytes }
        var output = Array(bytes[..<i])
        while i < bytes.count {
            if let (scalar, length) = sequence(bytes, i) {
                append(scalar, to: &output)
                i += length
            } else {
                append(0xFFFD, to: &output)
                i += 1
            }
        }
        return output
    }

    /// The scalar and length of the sequence that starts at `i`, if the bytes have the shape of one.
    static func sequence(_ bytes: [UInt8], _ i: Int) -> (scalar: UInt32, length: Int)? {
        let lead = bytes[i]
        let length: Int
        switch lead {
        case 0..<0x80: return (UInt32(lead), 1)
        case 0xC0..<0xE0: length = 2
        case 0xE0..<0xF0: length = 3
        case 0xF0..<0xF8: length = 4
        default: return nil
        }
        guard i + length <= bytes.count else { return nil }
        var scalar = UInt32(lead) & (0x7F >> UInt32(length))
        for k in 1..<length {
            guard bytes[i + k] & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(bytes[i + k] & 0x3F)
        }
        return scalar < 0x110000 ? (scalar, length) : nil
    }

    static func append(_ scalar: UInt32, to output: inout [UInt8]) {
        switch scalar {
        case ..<0x80:
            output.append(UInt8(scalar))
        case ..<0x800:
            output.append(UInt8(0xC0 | scalar >> 6))
            output.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            output.append(UInt8(0xE0 | scalar >> 12))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        default:
            output.append(UInt8(0xF0 | scalar >> 18 & 0x07))
            output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        }
    }
}
