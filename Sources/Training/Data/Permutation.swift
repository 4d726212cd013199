import Kernels

/// A shuffle of 0 ..< count that needs no memory: a Feistel network on the next power of four, walked until it lands
/// inside. The same key gives the same order everywhere.
package struct Permutation: Sendable {
    package let count: Int
    private let halfBits: UInt64
    private let keys: [UInt64]
    private static let rounds = 6

    package init(count: Int, key: UInt64) {
        self.count = count
        var bits: UInt64 = 1
        while 1 << (2 * bits) < count { bits += 1 }
        halfBits = bits
        var random = SplitMix64(seed: key)
        keys = (0..<Self.rounds).map { _ in random.next() }
    }

    /// What stands at a place of the shuffled order.
    package subscript(place: Int) -> Int {
        precondition(place >= 0 && place < count, "place \(place) of \(count)")
        let mask = (UInt64(1) << halfBits) - 1
        var value = UInt64(place)
        repeat {
            var (left, right) = (value >> halfBits, value & mask)
            for key in keys { (left, right) = (right, left ^ (Hashing.mix(right &+ key) & mask)) }
            value = left << halfBits | right
        } while value >= UInt64(count)
        return Int(value)
    }
}
