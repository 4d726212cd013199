/// An open-addressing map from 64-bit keys to 64-bit values, built once and then read.
///
///     slots: | key | value | key | value | …      capacity a power of two, at most half full
///
/// The key `UInt64.max` marks an empty slot and may not be stored.
struct PairTable: Sendable {
    static let absent = UInt64.max
    private var slots: [UInt64]
    private var mask: Int
    private(set) var count = 0

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [UInt64](repeating: Self.absent, count: size * 2)
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
        var slot = Int(truncatingIfNeeded: ByteHash.mix(key)) & mask
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
        var slot = Int(truncatingIfNeeded: ByteHash.mix(key)) & mask
        while true {
            let stored = slots[slot * 2]
            if stored == key { return false }
            if stored == Self.absent { break }
            slot = (slot + 1) & mask
        }
        slots[slot * 2] = key
        slots[slot * 2 + 1] = value
        count += 1
        return true
    }

    /// Replaces the value of a key that is there.
    mutating func replace(_ key: UInt64, _ value: UInt64) {
        var slot = Int(truncatingIfNeeded: ByteHash.mix(key)) & mask
        while slots[slot * 2] != Self.absent {
            if slots[slot * 2] == key {
                slots[slot * 2 + 1] = value
                return
            }
            slot = (slot + 1) & mask
        }
    }

    private mutating func grow() {
        var larger = PairTable(capacity: mask + 1)
        for slot in 0...mask where slots[slot * 2] != Self.absent {
            larger.insert(slots[slot * 2], slots[slot * 2 + 1])
        }
        self = larger
    }
}
