/// Vigna's splitmix64: numbers that look random, the same from a seed on every machine, which `Hasher`'s and the
/// system's are not. Any two seeds, near ones too, give unlike numbers.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64
    private static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        defer { state &+= Self.increment }
        return Self.mix(state)
    }

    /// In 0 ..< 1, 53 random bits.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// The first number of a seed: each bit of it depends on every bit of the seed.
    package static func mix(_ seed: UInt64) -> UInt64 {
        var z = seed &+ increment
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
