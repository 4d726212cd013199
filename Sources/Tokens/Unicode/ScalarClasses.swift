/// The class of every Unicode scalar, as the regular expressions of tokenizers see it.
///
/// Two stages: `blocks[scalar >> 8]` says where in `classes` the 256 classes of that block are. Blocks that are equal
/// share their place, so the whole is about 60 KB; ASCII is the first 128 bytes.
struct ScalarClasses: Sendable {
    /// Class bits. A scalar has one of letter, number, mark, punctuation, symbol, space, or none; letters may add a
    /// case.
    typealias Bits = UInt8
    static let letter: Bits = 1
    static let number: Bits = 2
    static let mark: Bits = 4
    static let punctuation: Bits = 8
    static let symbol: Bits = 16
    static let space: Bits = 32
    /// With `letter`: upper or title case.
    static let uppercase: Bits = 64
    /// With `letter`: lower case.
    static let lowercase: Bits = 128

    static let shared = ScalarClasses()

    /// Place of each block of 256 scalars in `classes`.
    private let blocks: [UInt16]
    private let classes: [Bits]

    private init() {
        let flat = Self.expanded(ScalarClassData.runs)
        var blocks: [UInt16] = []
        var classes: [Bits] = []
        var places: [[Bits]: UInt16] = [:]
        for start in stride(from: 0, to: flat.count, by: 256) {
            let block = Array(flat[start..<start + 256])
            if let place = places[block] {
                blocks.append(place)
            } else {
                let place = UInt16(classes.count >> 8)
                places[block] = place
                blocks.append(place)
                classes += block
            }
        }
        self.blocks = blocks
        self.classes = classes
    }

    @inline(__always)
    func bits(_ scalar: UInt32) -> Bits {
        scalar < 0x80
            ? classes[Int(scalar)] : classes[Int(blocks[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
    }

    /// True for the scalars of the Han script.
    static func isHan(_ scalar: UInt32) -> Bool {
        ScalarClassData.han.contains { $0.contains(scalar) }
    }

    private static func expanded(_ runs: String) -> [Bits] {
        let byLetter: [Bits] = [
            0, letter | uppercase, letter | lowercase, letter, number, mark, punctuation, symbol, space,
        ]
        var flat: [Bits] = []
        flat.reserveCapacity(0x110000)
        var bits: Bits = 0
        var length = 0
        var isOpen = false
        for unit in Array(runs.utf8) + [0x41] {
            if unit >= 0x41 {
                if isOpen { flat.append(contentsOf: repeatElement(bits, count: max(length, 1))) }
                bits = byLetter[Int(unit - 0x41)]
                length = 0
                isOpen = true
            } else {
                length = length * 10 + Int(unit - 0x30)
            }
        }
        return flat
    }
}
