/// Hashes that are the same on every machine: they decide what is kept.
package enum Hashing {
    private static let prime = Mixing.increment

    /// 64 bits of some bytes, eight at a time.
    package static func hash(_ bytes: UnsafePointer<UInt8>, _ count: Int, seed: UInt64 = 0) -> UInt64 {
        var hash = mix(seed ^ UInt64(truncatingIfNeeded: count) &* prime)
        let raw = UnsafeRawPointer(bytes)
        var place = 0
        while place + 8 <= count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            let product = (hash ^ word).multipliedFullWidth(by: prime)
            hash = product.high ^ product.low &+ word
            place += 8
        }
        var rest: UInt64 = 0
        while place < count {
            rest = rest << 8 | UInt64(bytes[place])
            place += 1
        }
        return mix(hash ^ rest &* 0xD6E8_FEB8_6659_FD93)
    }

    package static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return mix(seed) }
            return hash(base, buffer.count, seed: seed)
        }
    }

    package static func hash(_ text: String, seed: UInt64 = 0) -> UInt64 { hash(Array(text.utf8), seed: seed) }

    /// Vigna's splitmix64, last steps.
    @inline(__always)
    package static func mix(_ value: UInt64) -> UInt64 { Mixing.mix(value &+ prime) }

    /// A hash as a number in 0 ..< 1.
    package static func uniform(_ hash: UInt64) -> Double { Double(mix(hash) >> 11) * 0x1p-53 }
}
