extension TokenSearch {
    /// What searches keep: answers about neighbours, and the dead ends of the piece at hand.
    struct Memory {
        /// Slots of the memory for neighbours; a later pair takes the place of an earlier one.
        private static let pairsMax = 1 << 15

        /// left << 32 | right, with the answer in the top bit; empty before the first search.
        private var pairs: [UInt64] = []
        /// One bit for each place in the piece, once there is a dead end.
        private var deadEnds: [UInt64] = []
        private var hasDeadEnds = false

        /// The answer for a pair, from memory if it is there.
        @inline(__always)
        mutating func answer(_ pair: UInt64, _ find: () -> Bool) -> Bool {
            let slot = Int(truncatingIfNeeded: ByteHash.mix(pair)) & (Self.pairsMax - 1)
            let stored = pairs[slot]
            if stored & ~(1 << 63) == pair { return stored >> 63 == 1 }
            let isTrue = find()
            pairs[slot] = isTrue ? pair | 1 << 63 : pair
            return isTrue
        }

        @inline(__always)
        mutating func begin() {
            hasDeadEnds = false
            if pairs.isEmpty { pairs = [UInt64](repeating: .max, count: Self.pairsMax) }
        }

        /// - Parameter count: bytes of the piece.
        mutating func markDeadEnd(_ place: Int, of count: Int) {
            if !hasDeadEnds {
                deadEnds.removeAll(keepingCapacity: true)
                deadEnds.append(contentsOf: repeatElement(0, count: count / 64 + 1))
                hasDeadEnds = true
            }
            deadEnds[place / 64] |= 1 << UInt64(place % 64)
        }

        @inline(__always)
        func isDeadEnd(_ place: Int) -> Bool {
            hasDeadEnds && deadEnds[place / 64] >> UInt64(place % 64) & 1 == 1
        }
    }
}
