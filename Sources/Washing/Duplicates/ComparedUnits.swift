/// A text as comparisons see it: words and, of scripts without spaces, characters; without case, width, white space
/// and punctuation.
///
///     "Hello, ＷＯＲＬＤ！春眠"      // hello, world, 春, 眠
enum ComparedUnits {
    /// Calls `body` with each unit's hash, whether it is a character, and the place in the text where it ends; stops
    /// when `body` returns false.
    ///
    /// - Parameter text: UTF-8; a broken sequence separates.
    @inline(__always)
    static func forEach(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (_ hash: UInt64, _ isCharacter: Bool, _ end: Int) -> Bool
    ) {
        guard let base = text.baseAddress else { return }
        let count = text.count
        var place = 0
        var hash = Mixing.basis
        var isInWord = false
        while place < count {
            let byte = base[place]
            if byte < 0x80 {
                let lower = byte | 0x20
                if lower &- 0x61 < 26 || byte &- 0x30 < 10 {
                    hash = (hash ^ UInt64(lower)) &* Mixing.step
                    isInWord = true
                } else if isInWord {
                    guard body(Mixing.mix(hash), false, place) else { return }
                    (hash, isInWord) = (Mixing.basis, false)
                }
                place += 1
                continue
            }
            let (scalar, length) = decode(base + place, count - place)
            let kind = ScalarKind(scalar)
            if kind == .word {
                hash = (hash ^ UInt64(ScalarKind.folded(scalar))) &* Mixing.step
                isInWord = true
            } else {
                if isInWord {
                    guard body(Mixing.mix(hash), false, place) else { return }
                    (hash, isInWord) = (Mixing.basis, false)
                }
                if kind == .character {
                    guard body(Mixing.mix(UInt64(scalar) &* Mixing.step), true, place + length) else { return }
                }
            }
            place += length
        }
        if isInWord { _ = body(Mixing.mix(hash), false, count) }
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
