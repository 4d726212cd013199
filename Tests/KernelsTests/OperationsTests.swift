import Foundation
import Kernels
import Testing

extension KernelsSuite {
    @Suite struct OperationsTests {
        private static let variants = Kernels.Variant.allCases.filter(\.isSupported)

        private func everyVariant(_ body: () throws -> Void) throws {
            defer { _ = Kernels.select(Self.variants.last ?? .plain) }
            for variant in Self.variants {
                try #require(Kernels.select(variant))
                try body()
            }
        }

        @Test func exponentialIsAccurate() throws {
            let values = stride(from: Float(-87.2), through: 88.3, by: 0.0007).map { $0 }
            try everyVariant {
                let worst = worstError(values, Operations.exponential(values)) { exp($0) }
                #expect(worst < 2e-7)
                let edges = Operations.exponential([-.infinity, -1000, 1000, .infinity, 0, .nan])
                #expect(
                    edges[0] == 0 && edges[1] == 0 && edges[2] > 2e38 && edges[3] > 2e38 && edges[4] == 1
                        && edges[5].isNaN)
            }
        }

        @Test func hyperbolicTangentIsAccurate() throws {
            let values = stride(from: Float(-12), through: 12, by: 0.0003).map { $0 } + [1e-20, -3e-8, 1e-4]
            try everyVariant {
                let worst = worstError(values, Operations.hyperbolicTangent(values)) { tanh($0) }
                #expect(worst < 5e-7)
                #expect(Operations.hyperbolicTangent([0, .infinity, -.infinity]) == [0, 1, -1])
            }
        }

        @Test(arguments: [1, 3, 16, 17, 63, 64, 100, 896]) func normsAndActivations(columns: Int) throws {
            var generator = SplitMix64(seed: UInt64(columns))
            let x = generator.normals(2 * columns)
            let up = generator.normals(2 * columns)
            let weight = generator.normals(columns)
            try everyVariant {
                let input = Matrix(rows: 2, columns: columns, values: x)
                let output = Matrix(rows: 2, columns: columns)
                Operations.rmsNorm(input, weight: FloatBuffer(weight), epsilon: 1e-6, weightOffset: 1, into: output)
                let gate = Matrix(rows: 2, columns: columns, values: x)
                let gelu = Matrix(rows: 2, columns: columns, values: x)
                let soft = Matrix(rows: 2, columns: columns, values: x)
                let capped = Matrix(rows: 2, columns: columns, values: x)
                let upper = Matrix(rows: 2, columns: columns, values: up)
                Operations.siluMultiply(gate: gate, up: upper)
                Operations.geluTanhMultiply(gate: gelu, up: upper)
                Operations.softmax(soft)
                Operations.softCap(capped, cap: 1.5)
                for row in 0..<2 {
                    let values = x[row * columns..<(row + 1) * columns].map(Double.init)
                    let factor = 1 / (values.map { $0 * $0 }.reduce(0, +) / Double(columns) + 1e-6).squareRoot()
                    let sum = values.map { exp($0) }.reduce(0, +)
                    for (column, value) in values.enumerated() {
                        let second = Double(up[row * columns + column])
                        let inner = 0.7978845608028654 * (value + 0.044715 * value * value * value)
                        near(output[row, column], value * factor * (Double(weight[column]) + 1))
                        near(gate[row, column], value / (1 + exp(-value)) * second)
                        near(gelu[row, column], 0.5 * value * (1 + tanh(inner)) * second)
                        near(soft[row, column], exp(value) / sum)
                        near(capped[row, column], 1.5 * tanh(value / 1.5))
                    }
                }
            }
        }

        @Test func sumsAndScales() throws {
            try everyVariant {
                let x = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
                Operations.add(x, Matrix(rows: 2, columns: 3, values: [1, 1, 1, 2, 2, 2]))
                Operations.addBias(x, FloatBuffer([10, 20, 30]))
                Operations.scale(x, by: 2)
                Operations.addScaled(x, Matrix(rows: 2, columns: 3, values: [1, 0, 0, 0, 0, 1]), factor: 0.5)
                #expect(x.copy() == [24.5, 46, 68, 32, 54, 76.5])
            }
        }

        @Test func rotationTurnsPairs() throws {
            var generator = SplitMix64(seed: 3)
            let values = generator.normals(2 * 2 * 10)
            let frequencies = RotaryPositions.inverseFrequencies(base: 10_000, dimensions: 8, factors: [1, 2, 4, 8])
            let angles = RotaryPositions([5, 70_000], inverseFrequencies: frequencies, magnitude: 1.5)
            try everyVariant {
                for style in [RotaryPositions.Style.halves, .interleaved] {
                    let x = Matrix(rows: 2, columns: 20, values: values)
                    angles.rotate(x, heads: 2, style: style)
                    for (row, position) in [5, 70_000].enumerated() {
                        for head in 0..<2 {
                            let start = row * 20 + head * 10
                            for pair in 0..<4 {
                                let (i, j) = style == .halves ? (pair, pair + 4) : (2 * pair, 2 * pair + 1)
                                let angle = Double(position) * pow(10_000, -2 * Double(pair) / 8) / pow(2, Double(pair))
                                let (a, b) = (Double(values[start + i]), Double(values[start + j]))
                                near(x[row, head * 10 + i], 1.5 * (a * cos(angle) - b * sin(angle)))
                                near(x[row, head * 10 + j], 1.5 * (a * sin(angle) + b * cos(angle)))
                            }
                            #expect(
                                x[row, head * 10 + 8] == values[start + 8] && x[row, head * 10 + 9] == values[start + 9]
                            )
                        }
                    }
                }
            }
        }

        @Test func headNormsAreSeparate() {
            let x = Matrix(rows: 1, columns: 4, values: [3, 4, 30, 40])
            Operations.rmsNormHeads(x, size: 2, weight: FloatBuffer([1, 2]), epsilon: 0)
            let factor = Float(1 / 12.5.squareRoot())
            for (column, value) in [3 * factor, 8 * factor, 3 * factor, 8 * factor].enumerated() {
                near(x[0, column], Double(value))
            }
        }

        /// The largest relative error.
        private func worstError(_ inputs: [Float], _ outputs: [Float], _ function: (Double) -> Double) -> Double {
            var worst = 0.0
            for (input, output) in zip(inputs, outputs) where input != 0 {
                worst = max(worst, abs(Double(output) / function(Double(input)) - 1))
            }
            return worst
        }

        private func near(_ value: Float, _ expected: Double) {
            #expect(abs(Double(value) - expected) <= 1e-6 + 1e-6 * abs(expected))
        }
    }
}
