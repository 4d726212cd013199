/// How a vocabulary writes what its tokens stand for.
enum Spelling: Sendable {
    /// Stand-ins for bytes: "Ġthe".
    case byteLevel
    /// "▁" for a space: "▁the".
    case spaced
    case plain

    /// Appends the bytes that a spelling stands for; false, and nothing appended, when it cannot be read.
    func decode(_ spelling: some Collection<UInt8>, into output: inout [UInt8]) -> Bool {
        switch self {
        case .byteLevel: return ByteLevelAlphabet.decode(spelling, into: &output)
        case .plain:
            output.append(contentsOf: spelling)
        case .spaced:
            for unit in spelling {
                output.append(unit)
                let count = output.count
                if unit == 0x81, count >= 3, output[count - 2] == 0x96, output[count - 3] == 0xE2 {
                    output.removeLast(2)
                    output[count - 3] = 0x20
                }
            }
        }
        return true
    }

    /// The byte that "<0x0A>" stands for.
    static func byte(_ spelling: some Collection<UInt8>) -> UInt8? {
        let bytes = Array(spelling)
        guard bytes.count == 6, bytes.starts(with: [0x3C, 0x30, 0x78]), bytes[5] == 0x3E else { return nil }
        guard bytes[3...4].allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x46).contains($0 & 0xDF) }) else {
            return nil
        }
        return UInt8(String(decoding: bytes[3...4], as: UTF8.self), radix: 16)
    }
}
