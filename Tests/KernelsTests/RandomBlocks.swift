import Kernels

extension SplitMix64 {
    /// About normal: the sum of four uniforms.
    mutating func normals(_ count: Int) -> [Float] {
        (0..<count).map { _ in (0..<4).reduce(0) { sum, _ in sum + Float.random(in: -1...1, using: &self) } }
    }
}

/// Blocks of random bits whose scales are sane halves.
enum RandomBlocks {
    static func bytes(_ type: ElementType, elements: Int, using generator: inout SplitMix64) -> [UInt8] {
        if type.isFloat { return quantize(generator.normals(elements), as: type) ?? [] }
        var bytes = (0..<type.bytes(elements: elements)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let halves = scaleOffsets(type)
        for start in stride(from: 0, to: bytes.count, by: type.blockBytes) {
            for offset in halves {
                let scale = Float16(Float.random(in: -0.1...0.1, using: &generator)).bitPattern
                bytes[start + offset] = UInt8(scale & 255)
                bytes[start + offset + 1] = UInt8(scale >> 8)
            }
        }
        return bytes
    }

    /// Blocks whose bytes beside the scales are all the same, or random ones without a byte.
    static func bytes(
        _ type: ElementType, elements: Int, filledWith fill: UInt8?, using generator: inout SplitMix64
    ) -> [UInt8] {
        var bytes = bytes(type, elements: elements, using: &generator)
        guard let fill else { return bytes }
        let scales = scaleOffsets(type).flatMap { [$0, $0 + 1] }
        for index in bytes.indices where !scales.contains(index % type.blockBytes) { bytes[index] = fill }
        return bytes
    }

    /// Where a block's half-precision scales lie.
    static func scaleOffsets(_ type: ElementType) -> [Int] {
        switch type {
        case .q2_K: [80, 82]
        case .q3_K: [108]
        case .q4_1, .q5_1, .q4_K, .q5_K: [0, 2]
        case .q6_K: [208]
        default: [0]
        }
    }
}
