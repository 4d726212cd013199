import Kernels
import Testing
import Training

@Suite(.serialized) struct PanelProductTests {
    /// Panels of columns that were turned from panels of rows are those that were packed.
    @Test func turnedPanelsArePackedOnes() throws {
        var random = RandomNumbers()
        let (rows, columns) = (70, 96)
        let numbers = random.floats(rows * columns)
        let inputs = random.floats(5 * 96)
        try withEveryVariant { precision, comment in
            let w = try Numbers(rows, columns, .fp32, numbers)
            let forward = try Panels(lanes: rows, depth: columns + 32, precision: precision)
            forward.pack(rowsOf: w.view, 0..<rows)
            let packed = try Panels(lanes: columns, depth: forward.lanes, precision: precision)
            packed.pack(columnsOf: w.view, at: 0)
            let turned = try Panels(lanes: columns, depth: forward.lanes, precision: precision)
            for panel in 0..<forward.count { turned.turn(panel, of: forward, columns: columns) }
            let x = try Numbers(5, 96, precision, inputs)
            let (first, second) = (try Numbers(5, columns, .fp32), try Numbers(5, columns, .fp32))
            PanelProduct.multiply(x.view, by: packed, into: first.view)
            PanelProduct.multiply(x.view, by: turned, into: second.view)
            #expect(first.doubles == second.doubles, comment)
        }
    }

    /// y = x Wᵀ, dx = dy W, and with a base, for rows that fill tiles and that do not.
    @Test func productsAreSumsOfProducts() throws {
        var random = RandomNumbers()
        for (rows, columns, depth) in [(1, 32, 32), (12, 64, 32), (31, 96, 160), (48, 32, 64), (7, 160, 96)] {
            let weights = random.floats(columns * depth)
            let inputs = random.floats(rows * depth)
            let bases = random.floats(rows * columns)
            try withEveryVariant { precision, comment in
                let x = try Numbers(rows, depth, precision, inputs)
                let w = try Numbers(columns, depth, .fp32, weights)
                let rounded = try Numbers(columns, depth, precision, weights).doubles
                let forward = try Panels(lanes: columns, depth: depth, precision: precision)
                forward.pack(rowsOf: w.view, 0..<columns)
                let expected = Self.product(x.doubles, rounded, rows, columns, depth)
                let y = try Numbers(rows, columns, .fp32)
                PanelProduct.multiply(x.view, by: forward, into: y.view)
                #expect(relativeDifference(y.doubles, expected) < 1e-5, "\(comment), seed \(random.seed)")
                let base = try Numbers(rows, columns, .fp32, bases)
                PanelProduct.multiply(x.view, by: forward, into: y.view, adding: base.view)
                let sums = zip(expected, base.doubles).map(+)
                #expect(relativeDifference(y.doubles, sums) < 1e-5, "\(comment), seed \(random.seed)")
                let stored = try Numbers(rows, columns, precision)
                PanelProduct.multiply(x.view, by: forward, into: stored.view)
                #expect(relativeDifference(stored.doubles, expected) < (precision == .bf16 ? 5e-3 : 1e-5), comment)

                let backward = try Panels(lanes: columns, depth: depth, precision: precision)
                let turned = try Numbers(depth, columns, precision, Self.turned(weights, columns, depth))
                backward.pack(columnsOf: turned.view.rows(0..<2), at: 0)
                backward.pack(columnsOf: turned.view.rows(2..<depth), at: 2)
                PanelProduct.multiply(x.view, by: backward, into: y.view)
                #expect(relativeDifference(y.doubles, expected) < 1e-5, "\(comment), seed \(random.seed)")
            }
        }
    }

    /// dW += dyᵀ x over an odd number of tokens, for a weight with fewer rows than lanes.
    @Test func gradientsOfWeightsAreSumsOverTokens() throws {
        var random = RandomNumbers()
        let (tokens, rows, columns) = (1101, 41, 96)
        let (slopes, inputs) = (random.floats(tokens * 64), random.floats(tokens * columns))
        try withEveryVariant { precision, comment in
            let dy = try Numbers(tokens, 64, precision, slopes)
            let x = try Numbers(tokens, columns, precision, inputs)
            let a = try Panels(lanes: 64, depth: 1200, precision: precision)
            let b = try Panels(lanes: columns, depth: 1200, precision: precision)
            a.pack(columnsOf: dy.view.rows(0..<96), at: 0)
            a.pack(columnsOf: dy.view.rows(96..<tokens), at: 96)
            b.pack(columnsOf: x.view, at: 0)
            let ours = try Numbers(rows, columns, .fp32, Array(repeating: 1, count: rows * columns))
            for panel in 0..<2 {
                PanelProduct.add(a, panel..<panel + 1, b, 0..<1, depth: tokens, into: ours.view)
                PanelProduct.add(a, panel..<panel + 1, b, 1..<3, depth: tokens, into: ours.view)
            }
            var expected = Array(repeating: 1.0, count: rows * columns)
            let (d, v) = (dy.doubles, x.doubles)
            for token in 0..<tokens {
                for row in 0..<rows {
                    for column in 0..<columns {
                        expected[row * columns + column] += d[token * 64 + row] * v[token * columns + column]
                    }
                }
            }
            #expect(relativeDifference(ours.doubles, expected) < 1e-5, "\(comment), seed \(random.seed)")
        }
    }

    /// bf16 rounds to nearest even, keeps infinities and NaN.
    @Test func roundingIsToNearestEven() throws {
        let bits: [UInt32] = [0x3f80_8000, 0x3f81_8000, 0x3f80_8001, 0x3f80_7fff, 0x7f80_0000, 0x7f7f_ffff, 0xbf80_c000]
        let expected: [UInt32] = [0x3f80, 0x3f82, 0x3f81, 0x3f80, 0x7f80, 0x7f80, 0xbf81]
        let values = bits.map(Float.init(bitPattern:)) + [.nan, Float(bitPattern: 0x7f80_0001)]
        try withEveryVariant { _, comment in
            for padding in [0, 16] {
                let zeros = Array(repeating: Float(0), count: padding)
                let numbers = try Numbers(1, values.count + padding, .bf16, values + zeros)
                let rounded = numbers.doubles.map(Float.init)
                #expect(rounded.prefix(7).map { $0.bitPattern >> 16 } == expected, comment)
                #expect(rounded[7].isNaN && rounded[8].isNaN, comment)
            }
        }
    }

    static func product(_ x: [Double], _ w: [Double], _ rows: Int, _ columns: Int, _ depth: Int) -> [Double] {
        (0..<rows * columns).map { index in
            let (row, column) = (index / columns, index % columns)
            return (0..<depth).reduce(0) { $0 + x[row * depth + $1] * w[column * depth + $1] }
        }
    }

    static func turned(_ values: [Float], _ rows: Int, _ columns: Int) -> [Float] {
        (0..<rows * columns).map { values[$0 % rows * columns + $0 / rows] }
    }
}
