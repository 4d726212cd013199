/// What short words stand for, found without making strings of them or hashing with a seed: the words are ours, and
/// what else a page holds costs at most a few steps.
struct WordTable<Value: Sendable>: Sendable {
    private var keys: [UInt64]
    private var values: [Value?]
    private let mask: Int

    /// - Parameter entries: keys are not 0; the last of a key counts.
    init(_ entries: [(key: UInt64, value: Value)]) {
        var size = 8
        while size < 4 * entries.count { size *= 2 }
        keys = Array(repeating: 0, count: size)
        values = Array(repeating: nil, count: size)
        mask = size - 1
        for (key, value) in entries {
            var slot = Self.spread(key) & mask
            while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
            (keys[slot], values[slot]) = (key, value)
        }
    }

    @inline(__always)
    subscript(key: UInt64) -> Value? {
        var slot = Self.spread(key) & mask
        while keys[slot] != 0 {
            if keys[slot] == key { return values[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    @inline(__always)
    private static func spread(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 40)
    }
}
