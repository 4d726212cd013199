import Kernels

/// Random weights, as training starts with: matrices uniform with variance 1 / columns, norms of one, no biases
/// unless the architecture needs them.
struct RandomSource: TensorSource {
    private var random: SplitMix64
    private let normWeight: Float
    let byteCount = 0

    init(seed: UInt64, _ configuration: ModelConfiguration) {
        random = SplitMix64(seed: seed)
        normWeight = 1 - configuration.normWeightOffset
    }

    mutating func tensor(
        _ name: TensorName, shape: [Int], isOptional: Bool
    ) throws(ModelError) -> StoredTensor? {
        if isOptional { return nil }
        let count = shape.reduce(1, *)
        let width = (3 / Float(shape.last ?? 1)).squareRoot()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 4)
        for _ in 0..<count {
            let value = shape.count == 1 && !name.isBias ? normWeight : width * nextSigned()
            withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
        }
        return StoredTensor(type: .f32, count: count, bytes: ByteView(copying: bytes))
    }

    mutating func experts(
        _ role: TensorName.Role, layer: Int, count: Int, rows: Int, columns: Int
    ) throws(ModelError) -> [StoredTensor] {
        var result: [StoredTensor] = []
        for _ in 0..<count {
            let name = TensorName(role, layer: layer)
            result += try tensor(name, shape: [rows, columns], isOptional: false).map { [$0] } ?? []
        }
        return result
    }

    func checkNothingIsLeft() {}

    /// From -1 to 1.
    private mutating func nextSigned() -> Float {
        Float(Int32(truncatingIfNeeded: random.next() >> 32)) / 2_147_483_648
    }
}
