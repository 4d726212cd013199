import Kernels

/// Damages bytes as a fuzzer does: single bits and bytes, numbers at the edges, cuts, repeats and swaps.
struct Mutator {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func mutate(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: overwrite(&bytes, place, .little(edge()))
        case 3: overwrite(&bytes, place, .little(UInt32(truncatingIfNeeded: edge())))
        case 4: bytes.removeSubrange(place...)
        case 5:
            let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
            bytes.removeSubrange(place..<end)
        case 6:
            let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
            bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &generator))
        default:
            // A small change of a number that is there.
            bytes[place] &+= UInt8.random(in: 0...1, using: &generator) == 0 ? 1 : 255
        }
    }

    private func overwrite(_ bytes: inout [UInt8], _ place: Int, _ value: [UInt8]) {
        for (index, byte) in value.enumerated() where place + index < bytes.count { bytes[place + index] = byte }
    }

    private mutating func edge() -> UInt64 {
        let shift = UInt64.random(in: 0..<64, using: &generator)
        let edges: [UInt64] = [0, 1, .max, 1 << shift, (1 << shift) &- 1, UInt64.max - (1 << shift), .max / 33 + 1]
        return edges.randomElement(using: &generator) ?? 0
    }
}
