/// A text as comparisons see it: words and, of scripts without spaces, characters; without case, width, white space
/// and punctuation.
///
///     "Hello, ＷＯＲＬＤ！春眠"      // hello, world, 春, 眠
package enum ComparedUnits {
    /// Calls `body` with each unit's hash, whether it is a character, and the place in the text where it ends; stops
    /// when `body` returns false.
    ///
    /// - Parameter text: UTF-8; a broken sequence separates.
    @inline(__always)
    package static func forEach(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (_ hash: UInt64, _ isCharacter: Bool, _ end: Int) -> Bool
    ) {
        guard let base = text.baseAddress else { return }
        let count = text.count
        var place = 0
        var word = WordHash()
        while place < count {
            if base[place] < 0x80 {
                let (letters, length) = asciiLetters(base + place, count - place)
                word.add(letters, length)
                place += length
                if length == 8 { continue }
                guard place < count else { break }
                // Another byte of a word that goes on, or what separates: that one byte is done with.
                if base[place] >= 0x80 { continue }
                if !word.isEmpty {
                    guard body(word.finish(), false, place) else { return }
                }
                place += 1
                continue
            }
            let (scalar, length) = decode(base + place, count - place)
            // Most of what is not ASCII is Han.
            let kind = scalar &- 0x4E00 < 0x5200 ? ScalarKind.character : ScalarKind(scalar)
            if kind == .word {
                word.add(ScalarKind.folded(scalar))
            } else {
                if !word.isEmpty {
                    guard body(word.finish(), false, place) else { return }
                }
                if kind == .character {
                    guard body(Mixing.mix(UInt64(scalar) &* Mixing.step), true, place + length) else { return }
                }
            }
            place += length
        }
        if !word.isEmpty { _ = body(word.finish(), false, count) }
    }

    /// Letters and digits of ASCII from here on, small, the first as the lowest byte, and how many there are: up to 8.
    @inline(__always)
    private static func asciiLetters(_ at: UnsafePointer<UInt8>, _ left: Int) -> (letters: UInt64, count: Int) {
        var bytes: UInt64 = 0
        if left >= 8 {
            bytes = UInt64(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self))
        } else {
            for place in 0..<left { bytes |= UInt64(at[place]) << UInt64(8 * place) }
        }
        // In each lane: the highest bit says whether the byte is within bounds. Lanes of ASCII do not carry.
        let (each, high) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        let (plain, small) = (bytes & ~high, (bytes | each &* 0x20) & ~high)
        let isLetter = (small &+ each &* (0x80 - 0x61)) & ~(small &+ each &* (0x80 - 0x7B))
        let isDigit = (plain &+ each &* (0x80 - 0x30)) & ~(plain &+ each &* (0x80 - 0x3A))
        let others = ~((isLetter | isDigit) & ~bytes) & high
        guard others != 0 else { return (small, 8) }
        let count = others.trailingZeroBitCount / 8
        return (small & (1 &<< UInt64(8 &* count) &- 1), count)
    }

    /// The scalar that begins here and its bytes; of broken sequences one byte, as U+FFFF, which separates.
    @inline(__always)
    private static func decode(_ at: UnsafePointer<UInt8>, _ left: Int) -> (UInt32, Int) {
        let first = UInt32(at[0])
        if first &- 0xE0 < 0x10, left >= 3 {
            return ((first & 15) << 12 | UInt32(at[1] & 63) << 6 | UInt32(at[2] & 63), 3)
        }
        if first &- 0xC0 < 0x20, left >= 2 { return ((first & 31) << 6 | UInt32(at[1] & 63), 2) }
        if first &- 0xF0 < 8, left >= 4 {
            let high = (first & 7) << 18 | UInt32(at[1] & 63) << 12
            return (high | UInt32(at[2] & 63) << 6 | UInt32(at[3] & 63), 4)
        }
        return (0xFFFF, 1)
    }

    /// All units as one number: texts that differ in case, width, white space and punctuation alone have the same.
    static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var sum = Mixing.basis
        forEach(text) { unit, _, _ in
            sum = Mixing.mix(sum ^ unit)
            return true
        }
        return sum
    }
}
