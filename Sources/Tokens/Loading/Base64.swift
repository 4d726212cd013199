/// Base64 as tokenizer.json writes the table of a Precompiled normalizer.
enum Base64 {
    static func decode(_ text: String) throws(TokensError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var digits = 0
        var padding = 0
        for unit in text.utf8 {
            if unit == 0x3D, padding < 2 {
                padding += 1
            } else if let value = value(unit), padding == 0 {
                bits = bits << 6 | value
            } else {
                throw fault(text)
            }
            digits += 1
            if padding == 0, digits % 4 == 0 {
                output.append(UInt8(truncatingIfNeeded: bits >> 16))
                output.append(UInt8(truncatingIfNeeded: bits >> 8))
                output.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        guard digits % 4 == 0 else { throw fault(text) }
        // The last four: two digits hold one byte, three hold two.
        if padding == 2 { output.append(UInt8(truncatingIfNeeded: bits >> 4)) }
        if padding == 1 {
            output.append(UInt8(truncatingIfNeeded: bits >> 10))
            output.append(UInt8(truncatingIfNeeded: bits >> 2))
        }
        return output
    }

    private static func value(_ unit: UInt8) -> UInt32? {
        switch unit {
        case 0x41...0x5A: UInt32(unit - 0x41)
        case 0x61...0x7A: UInt32(unit - 0x61) + 26
        case 0x30...0x39: UInt32(unit - 0x30) + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }

    private static func fault(_ text: String) -> TokensError {
        .malformed(what: "precompiled_charsmap", expected: "base64", found: String(text.prefix(40)))
    }
}
