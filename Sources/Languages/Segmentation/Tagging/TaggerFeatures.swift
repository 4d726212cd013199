/// What the tagger sees of a sign: its neighbours, and how the dictionary's path cuts there.
///
/// Each feature is a row of the table of weights, found by hashing; features of different templates share rows only by
/// chance.
struct TaggerFeatures {
    static let bits = 19

    /// Signs with two zeros before and behind, so that no place needs a check.
    private(set) var signs: [UInt32] = []
    /// Tags of the dictionary's path, `borderTag` around them.
    private(set) var tags: [UInt32] = []
    private var kinds: [UInt32] = []

    static let margin = 2
    private static let borderTag: UInt32 = 4

    /// Takes the signs of a run and the tags of the dictionary's path.
    mutating func reset(_ run: some Collection<UInt32>, tags path: some Collection<UInt8>) {
        signs.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
        kinds.removeAll(keepingCapacity: true)
        let border = [UInt32](repeating: 0, count: Self.margin)
        signs += border
        signs += run
        signs += border
        tags += border.map { _ in Self.borderTag }
        tags += path.lazy.map(UInt32.init)
        tags += border.map { _ in Self.borderTag }
        kinds += signs.lazy.map(Self.kind)
    }

    /// Calls `body` with the rows of the sign at `place` of the run.
    @inline(__always)
    func forEachRow(_ place: Int, _ body: (Int) -> Void) {
        signs.withUnsafeBufferPointer { signs in
            tags.withUnsafeBufferPointer { tags in
                kinds.withUnsafeBufferPointer { kinds in
                    let at = place + Self.margin
                    let (before, sign, after) = (signs[at - 1], signs[at], signs[at + 1])
                    let tag = tags[at]
                    let path = tags[at - 1] | tag << 3 | tags[at + 1] << 6
                    body(Self.row(0, sign))
                    body(Self.row(1, before))
                    body(Self.row(2, after))
                    body(Self.row(3, before, sign))
                    body(Self.row(4, sign, after))
                    body(Self.row(5, before, after))
                    body(Self.row(8, path))
                    body(Self.row(9, sign, tag))
                    body(Self.row(10, sign, path))
                    body(Self.row(11, before, sign, tag))
                    body(Self.row(12, sign, after, tag))
                    body(Self.row(13, kinds[at - 1] | kinds[at] << 3 | kinds[at + 1] << 6))
                }
            }
        }
    }

    @inline(__always)
    private static func row(_ template: UInt64, _ first: UInt32, _ second: UInt32 = 0, _ third: UInt32 = 0) -> Int {
        let key = UInt64(first) | UInt64(second) << 21 | UInt64(third) << 42 | template << 60
        let mixed = (key ^ key >> 29) &* 0xBF58_476D_1CE4_E5B9
        return Int(((mixed ^ mixed >> 32) &* 0x94D0_49BB_1331_11EB) >> UInt64(64 - bits))
    }

    /// 1: ideographs, 2: digits, 3: letters, 4: numbers written as ideographs, 5: the rest.
    private static func kind(_ sign: UInt32) -> UInt32 {
        switch sign {
        case 0: 0
        case 0x30...0x39, 0xFF10...0xFF19: 2
        case 0x41...0x5A, 0x61...0x7A, 0xFF21...0xFF3A, 0xFF41...0xFF5A: 3
        case 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341, 0x767E, 0x5343, 0x4E07,
            0x96F6,
            0x3007, 0x4EBF, 0x4E24:
            4
        case 0x3400...0x9FFF: 1
        default: 5
        }
    }
}
