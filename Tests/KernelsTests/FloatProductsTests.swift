import Kernels
import Testing

extension KernelsSuite {
    /// Small float matrices, as adapters have them.
    @Suite struct FloatProductsTests {
        static let variants = Kernels.Variant.allCases.filter(\.isSupported)

        /// One column goes another way through the kernels than several, and must come to the same bits.
        @Test(arguments: [ElementType.f32, .f16, .bf16]) func shallowProductsKeepTheirBits(type: ElementType) throws {
            let pool = try WorkerPool(threads: 2)
            defer { _ = Kernels.select(Self.variants.last ?? .plain) }
            for (depth, rows) in [(1, 5), (8, 16), (16, 130), (17, 64), (64, 49), (128, 97), (129, 33)] {
                var generator = SplitMix64(seed: UInt64(depth))
                let bytes = RandomBlocks.bytes(type, elements: rows * depth, using: &generator)
                let weight = try WeightMatrix(type: type, rows: rows, columns: depth, bytes: ByteView(copying: bytes))
                let input = Matrix(rows: 7, columns: depth, values: generator.normals(7 * depth))
                let expected = Matrix(rows: 7, columns: rows)
                weight.referenceMultiply(input, into: expected)
                let largest = expected.copy().map(abs).reduce(0, max)
                for variant in Self.variants {
                    try #require(Kernels.select(variant))
                    let (together, alone) = (Matrix(rows: 7, columns: rows), Matrix(rows: 7, columns: rows))
                    weight.multiply(input, into: together, on: pool)
                    WeightMatrix.multiply(
                        (0..<7).map { row in
                            WeightMatrix.Product(input.rows(row..<row + 1), weight, into: alone.rows(row..<row + 1))
                        }, on: pool)
                    #expect(together.copy() == alone.copy(), "\(type.name) \(variant) \(rows) x \(depth)")
                    #expect(
                        zip(together.copy(), expected.copy()).allSatisfy { abs($0 - $1) <= 1e-4 * (largest + 1e-30) },
                        "\(type.name) \(variant) \(rows) x \(depth)")
                }
            }
        }

        /// Inputs and outputs of different shapes in one region, strided views, and none at all.
        @Test func productsDoNotShareTheirInput() throws {
            let pool = try WorkerPool(threads: 3)
            var generator = SplitMix64(seed: 5)
            let shapes: [(rows: Int, columns: Int, tokens: Int)] = [(40, 6, 3), (600, 100, 1), (17, 2, 9), (33, 700, 0)]
            let inner = Matrix(rows: 9, columns: 900, values: generator.normals(8100))
            var products: [WeightMatrix.Product] = []
            var results: [(Matrix, Matrix)] = []
            for shape in shapes {
                let bytes = RandomBlocks.bytes(.f32, elements: shape.rows * shape.columns, using: &generator)
                let weight = try WeightMatrix(
                    type: .f32, rows: shape.rows, columns: shape.columns, bytes: ByteView(copying: bytes))
                let input = inner.rows(0..<shape.tokens).columns(10..<10 + shape.columns)
                let (output, expected) = (
                    Matrix(rows: shape.tokens, columns: shape.rows), Matrix(rows: shape.tokens, columns: shape.rows)
                )
                products.append(WeightMatrix.Product(input, weight, into: output))
                weight.multiply(input, into: expected, on: pool)
                results.append((output, expected))
            }
            WeightMatrix.multiply(products, on: pool)
            for (output, expected) in results { #expect(output.copy() == expected.copy()) }
            WeightMatrix.multiply([], on: pool)
        }
    }
}
