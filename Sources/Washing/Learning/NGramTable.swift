/// Counts of n-grams of words, one to three, by hash: open addressing, grown as needed up to a limit, above which
/// n-grams that came once are forgotten.
///
///     entry:  key (8 bytes: hash, order in the low two bits)   count (4)   followers (4)
///
/// Followers are the different words that were seen behind an n-gram.
package struct NGramTable: Sendable {
    package private(set) var keys: [UInt64]
    package private(set) var counts: [UInt32]
    package private(set) var followers: [UInt32]
    package private(set) var used = 0
    private var mask: Int
    private static let sizeMin = 1 << 12

    package init() {
        keys = [UInt64](repeating: 0, count: Self.sizeMin)
        counts = [UInt32](repeating: 0, count: Self.sizeMin)
        followers = [UInt32](repeating: 0, count: Self.sizeMin)
        mask = Self.sizeMin - 1
    }

    /// - Precondition: arrays of one length, a power of two.
    package init(keys: [UInt64], counts: [UInt32], followers: [UInt32]) {
        precondition(keys.count == counts.count && keys.count == followers.count, "entries have three parts")
        precondition(keys.count > 0 && keys.count & (keys.count - 1) == 0, "a power of two")
        self.keys = keys
        self.counts = counts
        self.followers = followers
        mask = keys.count - 1
        used = counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    }

    // MARK: Keys

    @inline(__always)
    package static func key(_ word: UInt64) -> UInt64 { word << 2 | 1 }

    @inline(__always)
    package static func key(_ first: UInt64, _ second: UInt64) -> UInt64 {
        mixed(first &* 0x9E37_79B9_7F4A_7C15 ^ second) << 2 | 2
    }

    @inline(__always)
    package static func key(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
        mixed(mixed(first &* 0x9E37_79B9_7F4A_7C15 ^ second) &* 0xD6E8_FEB8_6659_FD93 ^ third) << 2 | 3
    }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = (value ^ value >> 32) &* 0xD6E8_FEB8_6659_FD93
        return product ^ product >> 29
    }

    // MARK: Entries

    /// Where a key is, or -1.
    @inline(__always)
    package func slot(_ key: UInt64) -> Int {
        var slot = Self.home(key, mask)
        while counts[slot] > 0 {
            if keys[slot] == key { return slot }
            slot = (slot + 1) & mask
        }
        return -1
    }

    /// Counts a key once more; true when it is new.
    package mutating func add(_ key: UInt64) -> Bool {
        if used * 10 > keys.count * 7 { grow() }
        var slot = Self.home(key, mask)
        while counts[slot] > 0 {
            if keys[slot] == key {
                if counts[slot] < .max { counts[slot] += 1 }
                return false
            }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        counts[slot] = 1
        used += 1
        return true
    }

    package mutating func addFollower(_ key: UInt64) {
        let slot = slot(key)
        if slot >= 0, followers[slot] < .max { followers[slot] += 1 }
    }

    @inline(__always)
    private static func home(_ key: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
    }

    private mutating func grow() { rebuild(size: keys.count * 2) { _, _ in true } }

    /// Forgets pairs and triples that came less often, in a table as small as it can be.
    package mutating func prune(countMin: UInt32) {
        let kept = zip(keys, counts).reduce(0) {
            $0 + ($1.1 >= countMin || $1.1 > 0 && $1.0 & 3 == 1 ? 1 : 0)
        }
        var size = Self.sizeMin
        while kept * 10 > size * 7 { size *= 2 }
        rebuild(size: size) { key, count in count >= countMin || key & 3 == 1 }
    }

    private mutating func rebuild(size: Int, keeps: (UInt64, UInt32) -> Bool) {
        let old = self
        keys = [UInt64](repeating: 0, count: size)
        counts = [UInt32](repeating: 0, count: size)
        followers = [UInt32](repeating: 0, count: size)
        mask = size - 1
        used = 0
        for place in old.keys.indices where old.counts[place] > 0 && keeps(old.keys[place], old.counts[place]) {
            var slot = Self.home(old.keys[place], mask)
            while counts[slot] > 0 { slot = (slot + 1) & mask }
            keys[slot] = old.keys[place]
            counts[slot] = old.counts[place]
            followers[slot] = old.followers[place]
            used += 1
        }
    }
}
