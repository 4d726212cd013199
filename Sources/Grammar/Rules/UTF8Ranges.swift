/// Scalars as sequences of ranges of bytes: U+0080...U+07FF is [C2...DF][80...BF].
enum UTF8Ranges {
    static func sequences(of set: ScalarSet) -> [[ClosedRange<UInt8>]] {
        var found: [[ClosedRange<UInt8>]] = []
        for range in set.ranges {
            var low = range.lowerBound
            // Cut where the number of bytes changes.
            for end: UInt32 in [0x7F, 0x7FF, 0xFFFF, 0x10FFFF] where low <= end && low <= range.upperBound {
                let high = min(end, range.upperBound)
                split(low, high, bytes: encoded(low).count, into: &found)
                low = high + 1
            }
        }
        return found
    }

    /// Cuts a range until its ends differ only in ways that ranges of single bytes express.
    private static func split(_ low: UInt32, _ high: UInt32, bytes: Int, into found: inout [[ClosedRange<UInt8>]]) {
        for place in 1..<max(1, bytes) {
            let mask = UInt32(1) << UInt32(6 * place) - 1
            guard low & ~mask != high & ~mask else { continue }
            if low & mask != 0 {
                split(low, low | mask, bytes: bytes, into: &found)
                return split((low | mask) + 1, high, bytes: bytes, into: &found)
            }
            if high & mask != mask {
                split(low, (high & ~mask) - 1, bytes: bytes, into: &found)
                return split(high & ~mask, high, bytes: bytes, into: &found)
            }
        }
        found.append(zip(encoded(low), encoded(high)).map { $0...$1 })
    }

    static func encoded(_ scalar: UInt32) -> [UInt8] {
        Unicode.Scalar(scalar).map { Array(UTF8.encode($0) ?? .init()) } ?? []
    }
}
