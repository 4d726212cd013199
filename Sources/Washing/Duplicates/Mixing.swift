/// Hashes of 64 bits, the same on every machine and in every version: files of runs hold them.
enum Mixing {
    static let basis: UInt64 = 0xcbf2_9ce4_8422_2325
    static let step: UInt64 = 0x100_0000_01b3
    static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The finishing of splitmix64: each bit depends on every bit.
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Both halves of the 128-bit product, one upon the other.
    @inline(__always)
    static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// All bytes, eight at a time.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return mix(basis) }
        var sum = basis ^ UInt64(bytes.count)
        var place = 0
        while place + 8 <= bytes.count {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            sum = fold(sum ^ word, increment) &+ word
            place += 8
        }
        var word: UInt64 = 0
        while place < bytes.count {
            word = word << 8 | UInt64(bytes[place])
            place += 1
        }
        return mix(fold(sum ^ word, increment) &+ word)
    }
}
