import Kernels

/// Makes an input from sound ones by a few random changes.
struct Mutator {
    private var random: SplitMix64
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]
    private static let changesMax = 8
    private static let inputBytesMax = 64 << 10

    init(seed: UInt64, index: Int, seeds: [[UInt8]], words: [[UInt8]]) {
        random = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(index))
        self.seeds = seeds
        self.words = words
    }

    func input() -> [UInt8] {
        var mutator = self
        return mutator.make()
    }

    private mutating func make() -> [UInt8] {
        var bytes = seeds[below(seeds.count)]
        for _ in 0...below(Self.changesMax) { change(&bytes) }
        if bytes.count > Self.inputBytesMax { bytes.removeLast(bytes.count - Self.inputBytesMax) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8(below(256))) }
        let place = below(bytes.count)
        switch below(9) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = UInt8(below(256))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(16)))
        case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + below(32))], at: place)
        case 4: bytes.removeLast(bytes.count - place)
        case 5: write(Self.edges[below(Self.edges.count)], width: 1 << below(4), at: place, in: &bytes)
        case 6: insertWord(at: place, in: &bytes)
        case 7: splice(at: place, in: &bytes)
        default: repeatPart(at: place, in: &bytes)
        }
    }

    /// Numbers at which sizes overflow and signs turn.
    private static let edges: [UInt64] = [
        0, 1, 2, 7, 8, 31, 32, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max, .max - 1, .max / 2, .max / 4 + 1, 1 << 40,
    ]

    private func write(_ value: UInt64, width: Int, at place: Int, in bytes: inout [UInt8]) {
        for offset in 0..<width where place + offset < bytes.count {
            bytes[place + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * offset))
        }
    }

    private mutating func insertWord(at place: Int, in bytes: inout [UInt8]) {
        guard !words.isEmpty else { return }
        let word = words[below(words.count)]
        if below(2) == 0 {
            bytes.insert(contentsOf: word, at: place)
        } else {
            bytes.replaceSubrange(place..<min(bytes.count, place + word.count), with: word)
        }
    }

    private mutating func splice(at place: Int, in bytes: inout [UInt8]) {
        let other = seeds[below(seeds.count)]
        guard !other.isEmpty else { return }
        let from = below(other.count)
        bytes.replaceSubrange(place..., with: other[from...])
    }

    /// Depth and length: the same few bytes hundreds of times.
    private mutating func repeatPart(at place: Int, in bytes: inout [UInt8]) {
        let part = Array(bytes[place..<min(bytes.count, place + 1 + below(4))])
        for _ in 0..<below(600) { bytes.insert(contentsOf: part, at: place) }
    }

    private mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
}
