import Kernels
import Testing

/// Every type and variant against the reference product, over remainders of rows, columns and depth.
@Suite(.serialized) struct WeightMatrixTests {
    private static let variants = Kernels.Variant.allCases.filter(\.isSupported)

    @Test(arguments: ElementType.allCases) func everyVariantMatchesTheReference(type: ElementType) throws {
        let pool = try WorkerPool(threads: 2)
        defer { _ = Kernels.select(Self.variants.last ?? .plain) }
        for (rows, depth) in [(1, 256), (15, 512), (16, 256), (33, 768), (70, 1280)] {
            var generator = SplitMix(seed: UInt64(rows * 1000 + depth))
            let bytes = RandomBlocks.bytes(type, elements: rows * depth, using: &generator)
            for packing in [WeightMatrix.Packing.packed, .file] {
                let weight = try WeightMatrix(
                    type: type, rows: rows, columns: depth, bytes: ByteView(copying: bytes), packing: packing, pool: pool)
                for tokens in [1, 2, 3, 5, 6, 7, 13, 33] {
                    let input = Matrix(rows: tokens, columns: depth, values: generator.normals(tokens * depth))
                    try check(weight, input, pool, tolerance: type.isFloat ? 2e-6 : 0.012)
                }
            }
        }
    }

    /// Depths that are whole 32-blocks but no whole chunk.
    @Test(arguments: [ElementType.q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .iq4_nl, .f32, .f16, .bf16])
    func partialChunks(type: ElementType) throws {
        let pool = try WorkerPool(threads: 1)
        defer { _ = Kernels.select(Self.variants.last ?? .plain) }
        for depth in [32, 64, 96, 224, 288, 576, 896] {
            var generator = SplitMix(seed: UInt64(depth))
            let bytes = RandomBlocks.bytes(type, elements: 20 * depth, using: &generator)
            let weight = try WeightMatrix(
                type: type, rows: 20, columns: depth, bytes: ByteView(copying: bytes), pool: pool)
            for tokens in [1, 4, 8] {
                let input = Matrix(rows: tokens, columns: depth, values: generator.normals(tokens * depth))
                try check(weight, input, pool, tolerance: type.isFloat ? 2e-6 : 0.012)
            }
        }
    }

    /// Float weights of any depth, down to one.
    @Test(arguments: [ElementType.f32, .f16, .bf16]) func oddDepths(type: ElementType) throws {
        let pool = try WorkerPool(threads: 2)
        for depth in [1, 3, 17, 129, 300] {
            var generator = SplitMix(seed: UInt64(depth))
            let bytes = RandomBlocks.bytes(type, elements: 19 * depth, using: &generator)
            for packing in [WeightMatrix.Packing.packed, .file] {
                let weight = try WeightMatrix(
                    type: type, rows: 19, columns: depth, bytes: ByteView(copying: bytes), packing: packing)
                let input = Matrix(rows: 3, columns: depth, values: generator.normals(3 * depth))
                try check(weight, input, pool, tolerance: 2e-6)
            }
        }
    }

    private func check(_ weight: WeightMatrix, _ input: Matrix, _ pool: WorkerPool, tolerance: Float) throws {
        let expected = Matrix(rows: input.rows, columns: weight.rows)
        // The products are exact in the rounded activations, so the oracle gets those.
        weight.referenceMultiply(weight.type.isFloat ? input : Self.rounded(input), into: expected)
        for variant in Self.variants {
            try #require(Kernels.select(variant))
            let output = Matrix(rows: input.rows, columns: weight.rows)
            weight.multiply(input, into: output, on: pool)
            var worst: Float = 0, size: Float = 0
            for row in 0..<input.rows {
                for column in 0..<weight.rows {
                    worst = max(worst, abs(output[row, column] - expected[row, column]))
                    size = max(size, abs(expected[row, column]))
                }
            }
            #expect(
                worst <= 2e-5 * size,
                "\(weight.type.name) \(variant) \(weight.packing) \(weight.rows) x \(weight.columns), \(input.rows): \(worst) of \(size)")
        }
    }

    /// As the kernels round activations: int8 with the scale largest / 127 per 32.
    static func rounded(_ input: Matrix) -> Matrix {
        let output = Matrix(rows: input.rows, columns: input.columns)
        for row in 0..<input.rows {
            let values = input.copyRow(row)
            for block in stride(from: 0, to: values.count, by: 32) {
                let part = values[block..<min(values.count, block + 32)]
                let largest = part.map(abs).max() ?? 0
                let inverse = largest > 0 ? 127 / largest : 0
                for (index, value) in part.enumerated() {
                    output[row, block + index] = (value * inverse).rounded(.toNearestOrEven) * (largest / 127)
                }
            }
        }
        return output
    }
}
