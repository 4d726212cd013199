/// The printable stand-ins that byte-level vocabularies write for the 256 bytes ("Ġ" for a space).
///
/// Printable Latin-1 bytes stand for themselves, the other 68 take U+0100 and on in order.
enum ByteLevelAlphabet {
    /// Scalar of each byte.
    static let scalars: [UInt32] = {
        var next: UInt32 = 0x100
        return (0..<256).map { (byte: UInt32) in
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte) {
                return byte
            }
            defer { next += 1 }
            return next
        }
    }()

    /// Byte of each scalar below 0x144, or -1.
    static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar)] = Int16(byte) }
        return table
    }()

    /// The spelling of bytes.
    static func spelling(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.compactMap { Unicode.Scalar(scalars[Int($0)]) }))
    }

    /// Appends the bytes that a token's spelling stands for; false, and nothing appended, when the spelling
    /// has a scalar outside the alphabet.
    static func decode(_ spelling: some Sequence<UInt8>, into output: inout [UInt8]) -> Bool {
        let start = output.count
        var lead: UInt32 = 0
        for unit in spelling {
            var scalar = UInt32(unit)
            if lead != 0 {
                // Scalars of the alphabet have at most two bytes.
                scalar = lead << 6 | UInt32(unit & 0x3F)
                lead = 0
            } else if unit >= 0xC0 && unit < 0xE0 {
                lead = UInt32(unit & 0x1F)
                continue
            }
            guard scalar < 0x144, unit < 0x80 || scalar >= 0x80, bytes[Int(scalar)] >= 0 else {
                output.removeSubrange(start...)
                return false
            }
            output.append(UInt8(truncatingIfNeeded: bytes[Int(scalar)]))
        }
        if lead != 0 { output.removeSubrange(start...) }
        return lead == 0
    }
}
