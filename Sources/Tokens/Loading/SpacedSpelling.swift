/// How SentencePiece vocabularies spell tokens: "▁" for a space, "<0x0A>" for a byte.
enum SpacedSpelling {
    /// Appends the spelling with spaces for "▁" (E2 96 81).
    static func append(_ spelling: String, to output: inout [UInt8]) {
        for unit in spelling.utf8 {
            output.append(unit)
            let count = output.count
            if unit == 0x81, count >= 3, output[count - 2] == 0x96, output[count - 3] == 0xE2 {
                output.removeLast(2)
                output[count - 3] = 0x20
            }
        }
    }

    /// The byte that "<0x0A>" stands for.
    static func byte(_ spelling: String) -> UInt8? {
        let bytes = Array(spelling.utf8)
        guard bytes.count == 6, bytes.starts(with: [0x3C, 0x30, 0x78]), bytes[5] == 0x3E else { return nil }
        return UInt8(String(decoding: bytes[3..<5], as: UTF8.self), radix: 16)
    }
}
