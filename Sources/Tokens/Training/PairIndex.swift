/// The pairs that merging may choose next: how often each occurs, and in which words.
///
/// Open addressing by the pair's key (`PairTable.key`), which also orders pairs. A word may stand in a list that no
/// longer has the pair; a word that has it always does.
struct PairIndex: Sendable {
    private static let empty = UInt64.max
    private var keys: [UInt64]
    private var places: [Int32]
    private var mask: Int

    /// By place: how often the pair occurs, 0 once it is gone.
    var counts: [Int] = []
    /// By place: the words, ascending.
    var words: [[UInt32]] = []

    init() {
        mask = (1 << 10) - 1
        keys = [UInt64](repeating: Self.empty, count: mask + 1)
        places = [Int32](repeating: 0, count: mask + 1)
    }

    @inline(__always)
    static func key(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

    /// The place of a pair, or -1.
    @inline(__always)
    func find(_ key: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: ByteHash.mix(key)) & mask
        while keys[slot] != Self.empty {
            if keys[slot] == key { return Int(places[slot]) }
            slot = (slot + 1) & mask
        }
        return -1
    }

    /// The place of a pair, which is given one if it has none.
    mutating func insert(_ key: UInt64) -> Int {
        if (counts.count + 1) * 2 > mask + 1 { grow() }
        var slot = Int(truncatingIfNeeded: ByteHash.mix(key)) & mask
        while keys[slot] != Self.empty {
            if keys[slot] == key { return Int(places[slot]) }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        places[slot] = Int32(counts.count)
        counts.append(0)
        words.append([])
        return counts.count - 1
    }

    /// Forgets how often a pair occurs, and where.
    mutating func clear(_ place: Int) {
        counts[place] = 0
        words[place] = []
    }

    /// Calls `body` with key and place of every pair.
    func forEachPair(_ body: (UInt64, Int) -> Void) {
        for slot in 0...mask where keys[slot] != Self.empty { body(keys[slot], Int(places[slot])) }
    }

    private mutating func grow() {
        let (oldKeys, oldPlaces) = (keys, places)
        mask = mask * 2 + 1
        keys = [UInt64](repeating: Self.empty, count: mask + 1)
        places = [Int32](repeating: 0, count: mask + 1)
        for (key, place) in zip(oldKeys, oldPlaces) where key != Self.empty {
            var slot = Int(truncatingIfNeeded: ByteHash.mix(key)) & mask
            while keys[slot] != Self.empty { slot = (slot + 1) & mask }
            keys[slot] = key
            places[slot] = place
        }
    }
}
