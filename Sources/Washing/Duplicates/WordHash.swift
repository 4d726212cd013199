/// The hash of a word's letters, taken in as many at once as there are: eight of ASCII, or one of others. What comes
/// out depends on the letters alone, not on how they came.
struct WordHash {
    private var sum = Mixing.basis
    /// Letters of ASCII that wait for others, the first as the lowest byte.
    private var waiting: UInt64 = 0
    private var waitingBits: UInt64 = 0

    @inline(__always) var isEmpty: Bool { waitingBits == 0 && sum == Mixing.basis }

    /// - Parameters:
    ///   - letters: the first as the lowest byte, and zeros.
    ///   - count: 0 to 8.
    @inline(__always)
    mutating func add(_ letters: UInt64, _ count: Int) {
        let bits = UInt64(8 &* count)
        waiting |= letters &<< waitingBits
        let all = waitingBits &+ bits
        if all < 64 {
            waitingBits = all
            return
        }
        absorb(waiting)
        // Shifts by 64 are none.
        waiting = waitingBits > 0 ? letters &>> (64 &- waitingBits) : 0
        waitingBits = all &- 64
    }

    /// - Parameter letter: a folded scalar.
    @inline(__always)
    mutating func add(_ letter: UInt32) {
        guard letter >= 0x80 else { return add(UInt64(letter), 1) }
        if waitingBits > 0 { absorb(waiting) }
        absorb(UInt64(letter) << 32)
        (waiting, waitingBits) = (0, 0)
    }

    /// The hash; begins anew.
    @inline(__always)
    mutating func finish() -> UInt64 {
        let hash = Mixing.mix(sum ^ waiting &* Mixing.increment)
        self = WordHash()
        return hash
    }

    @inline(__always)
    private mutating func absorb(_ word: UInt64) {
        let product = (sum ^ word) &* Mixing.increment
        sum = product ^ product >> 32
    }
}
