/// An open-addressing map from 64-bit keys to 64-bit values, built once and then read.
///
///     slots:  | key | value | key | value | …     capacity a power of two, at most half full
///     filter: a bit for each hash                  four bits to a slot
///
/// Most look-ups are in vain, and most of those end at the filter, which is small enough to stay in the cache.
/// The key `UInt64.max` marks an empty slot and may not be stored.
struct PairTable: Sendable {
    static let absent = UInt64.max
    private var slots: [UInt64]
    private var filter: [UInt64]
    private var mask: Int
    private(set) var count = 0

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [UInt64](repeating: Self.absent, count: size * 2)
        filter = [UInt64](repeating: 0, count: size * 4 / 64)
        mask = size - 1
    }

    /// The key for two ids.
    @inline(__always)
    static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// The value of a key, or `absent`.
    @inline(__always)
    func find(_ key: UInt64) -> UInt64 {
        let hash = Int(truncatingIfNeeded: ByteHash.mix(key))
        let bit = hash & (mask << 2 | 3)
        if filter[bit >> 6] >> UInt64(bit & 63) & 1 == 0 { return Self.absent }
        var slot = bit >> 2
        while true {
            let stored = slots[slot * 2]
            if stored == key { return slots[slot * 2 + 1] }
            if stored == Self.absent { return Self.absent }
            slot = (slot + 1) & mask
        }
    }

    /// Stores a value unless the key has one; tells whether it was stored.
    @discardableResult
    mutating func insert(_ key: UInt64, _ value: UInt64) -> Bool {
        if (count + 1) * 2 > mask + 1 { grow() }
        let bit = Int(truncatingIfNeeded: ByteHash.mix(key)) & (mask << 2 | 3)
        var slot = bit >> 2
        while true {
            let stored = slots[slot * 2]
            if stored == key { return false }
            if stored == Self.absent { break }
            slot = (slot + 1) & mask
        }
        filter[bit >> 6] |= 1 << UInt64(bit & 63)
        slots[slot * 2] = key
        slots[slot * 2 + 1] = value
        count += 1
        return true
    }

    private mutating func grow() {
        var larger = PairTable(capacity: mask + 1)
        for slot in 0...mask where slots[slot * 2] != Self.absent {
            larger.insert(slots[slot * 2], slots[slot * 2 + 1])
        }
        self = larger
    }
}
