/// Hashing of short byte strings for the tables of this target.
///
/// The seed is drawn once per process, so that nobody can prepare texts whose pieces all collide.
/// Ids never depend on it.
enum ByteHash {
    static let seed = UInt64.random(in: .min ... .max)

    @inline(__always)
    static func hash(_ bytes: [UInt8], _ start: Int, _ end: Int, seed: UInt64) -> UInt64 {
        var state = seed
        for i in start..<end {
            state = (state ^ UInt64(bytes[i])) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 29
        }
        return state ^ (state >> 32)
    }

    @inline(__always)
    static func mix(_ key: UInt64) -> UInt64 {
        let product = key &* 0x9E37_79B9_7F4A_7C15
        return product ^ (product >> 32)
    }
}
