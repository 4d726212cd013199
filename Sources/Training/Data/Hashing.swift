/// Mixing of numbers that must be the same on every machine, which `Hasher` is not.
enum Hashing {
    /// Of splitmix64's state at each step.
    static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// What splitmix64 gives in the state `value`: each bit of the result depends on every bit of it.
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ increment
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    static func mix(_ values: UInt64...) -> UInt64 { values.reduce(0) { mix($0 ^ $1) } }
}
