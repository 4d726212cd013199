import Foundation
import Kernels
import Testing

extension KernelsSuite {
    /// Attention against a naive double-precision sum, over shapes, windows, caps, cache types and page tables.
    @Suite struct AttentionTests {
        struct Shape: Sendable, CustomTestStringConvertible {
            var kvHeads = 2, group = 3, keyDim = 64, valueDim = 64
            var first = 0, tokens = 1
            var window: Int?
            var cap: Float?
            var element = KVStorage.Element.f32

            var testDescription: String {
                "\(kvHeads)x\(group) \(keyDim)/\(valueDim) \(first)+\(tokens) \(window ?? 0) \(cap ?? 0) \(element)"
            }
        }

        static let shapes: [Shape] = [
            Shape(), Shape(tokens: 5), Shape(first: 31, tokens: 2), Shape(first: 40, tokens: 70),
            Shape(kvHeads: 1, group: 1, keyDim: 8, valueDim: 8, first: 3, tokens: 40),
            Shape(kvHeads: 1, group: 4, keyDim: 256, valueDim: 256, first: 100, tokens: 33, window: 64),
            Shape(kvHeads: 3, group: 1, keyDim: 80, valueDim: 48, first: 0, tokens: 65, window: 1),
            Shape(kvHeads: 2, group: 7, first: 600, tokens: 1),
            Shape(kvHeads: 2, group: 7, first: 1200, tokens: 3, window: 513),
            Shape(kvHeads: 2, group: 2, first: 500, tokens: 40, cap: 5),
            Shape(kvHeads: 2, group: 6, keyDim: 128, valueDim: 128, first: 0, tokens: 100, element: .f16),
            Shape(kvHeads: 2, group: 2, first: 1023, tokens: 2, window: 33, cap: 2, element: .f16),
            Shape(kvHeads: 2, group: 7, first: 530, tokens: 2, element: .bf16),
            Shape(kvHeads: 2, group: 7, first: 530, tokens: 2, element: .q8_0),
            Shape(kvHeads: 2, group: 4, keyDim: 80, valueDim: 56, first: 40, tokens: 50, element: .q8_0),
            Shape(kvHeads: 1, group: 3, keyDim: 6, valueDim: 10, first: 40, tokens: 3, cap: 2, element: .q8_0),
        ]

        @Test(arguments: shapes) func matchesTheNaiveSum(shape: Shape) throws {
            let variants = Kernels.Variant.allCases.filter(\.isSupported)
            defer { _ = Kernels.select(variants.last ?? .plain) }
            for variant in variants {
                try #require(Kernels.select(variant))
                for threads in [1, 3] {
                    let fixture = try Fixture(shape)
                    let output = Matrix(
                        rows: shape.tokens, columns: fixture.queries.columns / shape.keyDim * shape.valueDim)
                    fixture.attention.compute(
                        [fixture.run], queries: fixture.queries, into: output, on: try WorkerPool(threads: threads))
                    let tolerance = [.f32: 2e-5, .f16: 5e-3][shape.element, default: 6e-2]
                    var worst = 0.0
                    for row in 0..<shape.tokens {
                        for (index, expected) in fixture.expected(row).enumerated() {
                            worst = max(worst, abs(Double(output[row, index]) - expected))
                        }
                    }
                    #expect(worst < tolerance, "\(variant), \(threads) threads")
                }
            }
        }

        /// A token's result has the same bits alone, in a batch, and on any number of workers.
        @Test(arguments: KVStorage.Element.allCases) func resultsDoNotDependOnCompany(element: KVStorage.Element) throws
        {
            let shape = Shape(group: 7, first: 700, tokens: 50, window: 600, element: element)
            let fixture = try Fixture(shape)
            let together = Matrix(rows: 50, columns: 14 * 64)
            let alone = Matrix(rows: 50, columns: 14 * 64)
            fixture.attention.compute(
                [fixture.run], queries: fixture.queries, into: together, on: try WorkerPool(threads: 1))
            let pool = try WorkerPool(threads: 3)
            for row in 0..<50 {
                let run = AttentionRun(firstRow: 0, tokens: 1, firstPosition: 700 + row, pages: fixture.pages)
                fixture.attention.compute(
                    [run], queries: fixture.queries.rows(row..<row + 1), into: alone.rows(row..<row + 1), on: pool)
            }
            #expect(together.copy() == alone.copy())
        }

        /// Several sequences in one call.
        @Test func runsOfSeveralSequences() throws {
            let a = try Fixture(Shape(first: 5, tokens: 2))
            let pool = try WorkerPool(threads: 2)
            let separate = Matrix(rows: 2, columns: 6 * 64)
            let batched = Matrix(rows: 2, columns: 6 * 64)
            a.attention.compute([a.run], queries: a.queries, into: separate, on: pool)
            let runs = (0..<2).map { AttentionRun(firstRow: $0, tokens: 1, firstPosition: 5 + $0, pages: a.pages) }
            a.attention.compute(runs, queries: a.queries, into: batched, on: pool)
            #expect(separate.copy() == batched.copy())
        }

        @Test(arguments: KVStorage.Element.allCases) func copiedPagesAreEqual(element: KVStorage.Element) throws {
            let fixture = try Fixture(Shape(first: 10, tokens: 2, element: element))
            let pool = try WorkerPool(threads: 1)
            let before = Matrix(rows: 2, columns: 6 * 64)
            let after = Matrix(rows: 2, columns: 6 * 64)
            fixture.attention.compute([fixture.run], queries: fixture.queries, into: before, on: pool)
            let spare = Int32(fixture.attention.cache.pages - 1)
            fixture.attention.cache.copyPage(from: fixture.pages[0], to: spare)
            var run = fixture.run
            run.pages[0] = spare
            fixture.attention.compute([run], queries: fixture.queries, into: after, on: pool)
            #expect(before.copy() == after.copy())
        }

        @Test func cachesThatDoNotFitAreErrors() {
            #expect(throws: KernelsError.self) {
                try KVStorage(layers: 1, kvHeads: 1 << 20, keyDim: 1 << 20, valueDim: 1, pages: 1 << 30)
            }
            #expect(throws: KernelsError.self) {
                try KVStorage(layers: 2, kvHeads: Int.max, keyDim: Int.max, valueDim: 1, pages: 1)
            }
        }

        private struct Fixture {
            let shape: Shape
            let keys: Matrix, values: Matrix, queries: Matrix
            let pages: [Int32]
            let attention: Attention

            init(_ shape: Shape) throws {
                var generator = SplitMix64(seed: UInt64(shape.first * 1000 + shape.tokens))
                self.shape = shape
                let total = shape.first + shape.tokens
                let count = (total + 31) / 32
                pages = (0..<Int32(count)).map { $0 * 2 + 1 }.shuffled(using: &generator)
                keys = Matrix(
                    rows: total, columns: shape.kvHeads * shape.keyDim,
                    values: generator.normals(total * shape.kvHeads * shape.keyDim))
                values = Matrix(
                    rows: total, columns: shape.kvHeads * shape.valueDim,
                    values: generator.normals(total * shape.kvHeads * shape.valueDim))
                let width = shape.kvHeads * shape.group * shape.keyDim
                queries = Matrix(rows: shape.tokens, columns: width, values: generator.normals(shape.tokens * width))
                let cache = try KVStorage(
                    layers: 2, kvHeads: shape.kvHeads, keyDim: shape.keyDim, valueDim: shape.valueDim,
                    pages: 2 * count + 2,
                    element: shape.element)
                let half = total / 2
                cache.store(
                    layer: 1, pages: pages, firstPosition: 0, keys: keys.rows(0..<half), values: values.rows(0..<half))
                cache.store(
                    layer: 1, pages: pages, firstPosition: half, keys: keys.rows(half..<total),
                    values: values.rows(half..<total))
                attention = Attention(
                    cache: cache, layer: 1, heads: shape.kvHeads * shape.group, scale: 0.2, softCap: shape.cap,
                    window: shape.window)
            }

            var run: AttentionRun {
                AttentionRun(firstRow: 0, tokens: shape.tokens, firstPosition: shape.first, pages: pages)
            }

            func expected(_ row: Int) -> [Double] {
                let position = shape.first + row
                let lowest = shape.window.map { max(0, position - $0 + 1) } ?? 0
                return (0..<shape.kvHeads * shape.group).flatMap { head -> [Double] in
                    let kv = head / shape.group
                    var weights = (lowest...position).map { past -> Double in
                        var score = 0.0
                        for d in 0..<shape.keyDim {
                            score +=
                                Double(queries[row, head * shape.keyDim + d])
                                * Double(keys[past, kv * shape.keyDim + d])
                        }
                        score *= 0.2
                        return shape.cap.map { Double($0) * tanh(score / Double($0)) } ?? score
                    }
                    let top = weights.max() ?? 0
                    weights = weights.map { exp($0 - top) }
                    let sum = weights.reduce(0, +)
                    return (0..<shape.valueDim).map { d in
                        zip(weights, lowest...position).reduce(0) { total, pair in
                            total + pair.0 / sum * Double(values[pair.1, kv * shape.valueDim + d])
                        }
                    }
                }
            }
        }
    }
}
