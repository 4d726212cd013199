import Kernels
import Testing

extension KernelsSuite {
    /// Every type and variant against the reference product, over remainders of rows, columns and depth.
    @Suite struct WeightMatrixTests {
        private static let variants = Kernels.Variant.allCases.filter(\.isSupported)

        @Test(arguments: ElementType.allCases) func everyVariantMatchesTheReference(type: ElementType) throws {
            let pool = try WorkerPool(threads: 2)
            defer { _ = Kernels.select(Self.variants.last ?? .plain) }
            for (rows, depth) in [(1, 256), (15, 512), (16, 256), (33, 768), (70, 1280)] {
                var generator = SplitMix64(seed: UInt64(rows * 1000 + depth))
                let bytes = RandomBlocks.bytes(type, elements: rows * depth, using: &generator)
                for packing in [WeightMatrix.Packing.packed, .file] {
                    let weight = try WeightMatrix(
                        type: type, rows: rows, columns: depth, bytes: ByteView(copying: bytes), packing: packing,
                        pool: pool)
                    for tokens in [1, 2, 3, 5, 6, 7, 13, 33] {
                        let input = Matrix(rows: tokens, columns: depth, values: generator.normals(tokens * depth))
                        try check(weight, input, pool)
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
                var generator = SplitMix64(seed: UInt64(depth))
                let bytes = RandomBlocks.bytes(type, elements: 20 * depth, using: &generator)
                let weight = try WeightMatrix(
                    type: type, rows: 20, columns: depth, bytes: ByteView(copying: bytes), pool: pool)
                for tokens in [1, 4, 8] {
                    let input = Matrix(rows: tokens, columns: depth, values: generator.normals(tokens * depth))
                    try check(weight, input, pool)
                }
            }
        }

        /// A token's product has the same bits alone, in any batch, packed or not, on any number of workers.
        @Test(arguments: [ElementType.q4_K, .q6_K, .q5_0, .q2_K, .f16]) func resultsDoNotDependOnCompany(
            type: ElementType
        ) throws {
            var generator = SplitMix64(seed: 77)
            let (rows, depth, tokens) = (100, 512, 601)
            let bytes = ByteView(copying: RandomBlocks.bytes(type, elements: rows * depth, using: &generator))
            let input = Matrix(rows: tokens, columns: depth, values: generator.normals(tokens * depth))
            let one = try WorkerPool(threads: 1)
            let three = try WorkerPool(threads: 3)
            let packed = try WeightMatrix(type: type, rows: rows, columns: depth, bytes: bytes, pool: three)
            let unpacked = try WeightMatrix(type: type, rows: rows, columns: depth, bytes: bytes, packing: .file)
            let together = Matrix(rows: tokens, columns: rows)
            let alone = Matrix(rows: tokens, columns: rows)
            packed.multiply(input, into: together, on: three)
            for token in stride(from: 0, to: tokens, by: 37) {
                packed.multiply(input.rows(token..<token + 1), into: alone.rows(token..<token + 1), on: one)
                #expect(together.copyRow(token) == alone.copyRow(token), "token \(token)")
            }
            WeightMatrix.multiply(input, by: [(unpacked, alone), (packed, alone)], on: one)
            #expect(together.copy() == alone.copy())
            unpacked.multiply(input, into: alone, on: three)
            #expect(together.copy() == alone.copy())
        }

        /// Every number of columns around the tiles, and rows around the groups.
        @Test(arguments: [ElementType.q4_K, .q6_K, .q8_0, .q5_0, .f16]) func everyRemainder(type: ElementType) throws {
            let pool = try WorkerPool(threads: 2)
            defer { _ = Kernels.select(Self.variants.last ?? .plain) }
            for rows in [31, 32, 49] {
                var generator = SplitMix64(seed: UInt64(rows))
                let bytes = RandomBlocks.bytes(type, elements: rows * 256, using: &generator)
                let weight = try WeightMatrix(type: type, rows: rows, columns: 256, bytes: ByteView(copying: bytes))
                for tokens in Array(1...17) + [31, 32, 33, 64, 100, 520] {
                    try check(
                        weight, Matrix(rows: tokens, columns: 256, values: generator.normals(tokens * 256)), pool)
                }
            }
        }

        /// Every remainder of rows in groups, of columns in tiles and of depth in chunks, on random and on extreme
        /// blocks: each type's paths for one column, for a few and for many.
        @Test(arguments: ElementType.allCases) func everyRemainderOfEveryType(type: ElementType) throws {
            let pool = try WorkerPool(threads: 1)
            defer { _ = Kernels.select(Self.variants.last ?? .plain) }
            for rows in 1...18 {
                let seed = UInt64(type.rawValue) * 100 + UInt64(rows)
                var generator = SplitMix64(seed: seed)
                let depth = type.isFloat ? 11 * rows : type.blockElements == 32 ? 32 * rows : 256 * (1 + rows % 3)
                let fill: UInt8? = type.isFloat || rows % 3 > 0 ? nil : [0, 255, 0x7f, 0x80, 0xf0, 0x0f][rows / 3 - 1]
                let bytes = RandomBlocks.bytes(type, elements: rows * depth, filledWith: fill, using: &generator)
                for packing in [WeightMatrix.Packing.packed, .file] {
                    let weight = try WeightMatrix(
                        type: type, rows: rows, columns: depth, bytes: ByteView(copying: bytes), packing: packing)
                    for tokens in [1, 2 + rows % 6, 11 + rows % 6, 36 + rows % 6] {
                        let input = Matrix(rows: tokens, columns: depth, values: generator.normals(tokens * depth))
                        try check(weight, input, pool)
                    }
                }
            }
        }

        /// Zeros, huge and tiny activations, all-ones weights: the sums of int16 pairs must not overflow.
        @Test(arguments: ElementType.allCases.filter { !$0.isFloat }) func extremes(type: ElementType) throws {
            let pool = try WorkerPool(threads: 1)
            defer { _ = Kernels.select(Self.variants.last ?? .plain) }
            var generator = SplitMix64(seed: 4)
            for fill in [UInt8(0), 255, 0x7f, 0x80, 0x0f] {
                let bytes = RandomBlocks.bytes(type, elements: 16 * 256, filledWith: fill, using: &generator)
                let weight = try WeightMatrix(type: type, rows: 16, columns: 256, bytes: ByteView(copying: bytes))
                for size in [Float(0), Float(bitPattern: 700), 1e-12, 1, -1, 1e4] {
                    try check(weight, Matrix(rows: 2, columns: 256, values: [Float](repeating: size, count: 512)), pool)
                    let signs = (0..<512).map { $0 % 2 == 0 ? size : -size }
                    try check(weight, Matrix(rows: 2, columns: 256, values: signs), pool)
                }
            }
        }

        /// Embedding rows are the file's values.
        @Test func rowsAreExact() throws {
            var generator = SplitMix64(seed: 78)
            let bytes = RandomBlocks.bytes(.q6_K, elements: 17 * 512, using: &generator)
            let weight = try WeightMatrix(type: .q6_K, rows: 17, columns: 512, bytes: ByteView(copying: bytes))
            let all = try dequantize(.q6_K, ByteView(copying: bytes), count: 17 * 512)
            for row in [0, 5, 16] { #expect(weight.dequantizedRow(row) == Array(all[row * 512..<(row + 1) * 512])) }
        }

        /// Float weights of any depth, down to one.
        @Test(arguments: [ElementType.f32, .f16, .bf16]) func oddDepths(type: ElementType) throws {
            let pool = try WorkerPool(threads: 2)
            for depth in [1, 3, 17, 129, 300] {
                var generator = SplitMix64(seed: UInt64(depth))
                let bytes = RandomBlocks.bytes(type, elements: 19 * depth, using: &generator)
                for packing in [WeightMatrix.Packing.packed, .file] {
                    let weight = try WeightMatrix(
                        type: type, rows: 19, columns: depth, bytes: ByteView(copying: bytes), packing: packing)
                    let input = Matrix(rows: 3, columns: depth, values: generator.normals(3 * depth))
                    try check(weight, input, pool)
                }
            }
        }

        private func check(_ weight: WeightMatrix, _ input: Matrix, _ pool: WorkerPool) throws {
            let expected = Matrix(rows: input.rows, columns: weight.rows)
            // The products are exact in the rounded activations, so the oracle gets those.
            let rounded = weight.type.isFloat ? input : Self.rounded(input)
            weight.referenceMultiply(rounded, into: expected)
            let bound = 3e-6 * magnitude(weight, rounded)
            for variant in Self.variants {
                try #require(Kernels.select(variant))
                let output = Matrix(rows: input.rows, columns: weight.rows)
                weight.multiply(input, into: output, on: pool)
                var worst: Float = 0
                for row in 0..<input.rows {
                    for column in 0..<weight.rows {
                        worst = max(worst, abs(output[row, column] - expected[row, column]))
                    }
                }
                #expect(
                    worst <= bound,
                    "\(weight.type.name) \(variant) \(weight.packing) \(weight.rows) x \(weight.columns), \(input.rows)"
                )
            }
        }

        /// The largest Σ |w||x| there can be, which bounds rounding.
        private func magnitude(_ weight: WeightMatrix, _ input: Matrix) -> Float {
            let largest = (0..<input.rows).map { row in input.copyRow(row).map { $0 * $0 }.reduce(0, +) }.max() ?? 0
            let weights = (0..<min(weight.rows, 16)).map { row in
                weight.dequantizedRow(row).map { $0 * $0 }.reduce(0, +)
            }
            return (largest * (weights.max() ?? 0)).squareRoot() + 1e-30
        }

        /// As the kernels round activations: int8 with the scale largest / 127 per 32.
        static func rounded(_ input: Matrix) -> Matrix {
            let output = Matrix(rows: input.rows, columns: input.columns)
            for row in 0..<input.rows {
                let values = input.copyRow(row)
                for block in stride(from: 0, to: values.count, by: 32) {
                    let part = values[block..<min(values.count, block + 32)]
                    let largest = part.map(abs).max() ?? 0
                    let inverse = largest > 1e-30 ? 127 / largest : 0
                    for (index, value) in part.enumerated() {
                        output[row, block + index] = (value * inverse).rounded(.toNearestOrEven) * (largest / 127)
                    }
                }
            }
            return output
        }
    }
}
