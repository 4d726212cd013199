import Foundation
import Kernels
import Testing
import Training

/// Each layer's function against its formula in double precision, and each derivative against differences of that.
@Suite(.serialized) struct DerivativeTests {
    private let epsilon = 1e-6

    private func tolerance(_ precision: Precision) -> Double { precision == .bf16 ? 1e-2 : 2e-5 }

    @Test func normOfRows() throws {
        var random = RandomNumbers()
        let (rows, n) = (5, 64)
        let (xs, ws, slopes) = (random.floats(rows * n), random.floats(n, around: 1), random.floats(rows * n))
        let x = try Numbers(rows, n, .fp32, xs), w = try Numbers(1, n, .fp32, ws)
        let weights = w.doubles
        func f(_ x: [Double], _ w: [Double]) -> [Double] {
            (0..<rows).flatMap { row -> [Double] in
                let own = x[row * n..<(row + 1) * n]
                let factor = 1 / (own.reduce(0) { $0 + $1 * $1 } / Double(n) + epsilon).squareRoot()
                return zip(own, w).map { $0 * factor * $1 }
            }
        }
        func loss(_ y: [Double]) -> Double { zip(y, slopes).reduce(0) { $0 + $1.0 * Double($1.1) } }
        try withEveryVariant { precision, comment in
            let y = try Numbers(rows, n, precision)
            TrainingOperations.norm(x.view, weight: w.view, epsilon: Float(epsilon), into: y.view)
            #expect(relativeDifference(y.doubles, f(x.doubles, weights)) < tolerance(precision), comment)
            let gradient = try Numbers(rows, n, .fp32, Array(repeating: 1, count: rows * n))
            let weightGradient = try Numbers(1, n, .fp32), slope = try Numbers(rows, n, .fp32, slopes)
            TrainingOperations.normBackward(
                x.view, weight: w.view, epsilon: Float(epsilon), yGradient: slope.view, xGradient: gradient.view,
                weightGradient: weightGradient.view)
            let expected = differences(x.doubles, at: Array(0..<rows * n)) { loss(f($0, weights)) }
            #expect(relativeDifference(gradient.doubles.map { $0 - 1 }, expected) < 1e-4, "\(random.seed)")
            let ofWeights = differences(weights, at: Array(0..<n)) { loss(f(x.doubles, $0)) }
            #expect(relativeDifference(weightGradient.doubles, ofWeights) < 1e-4, "\(random.seed)")
        }
    }

    /// Norm, then rotation, of two heads a row.
    @Test(arguments: [32, 64]) func normOfHeads(head: Int) throws {
        var random = RandomNumbers()
        let (rows, columns) = (4, 2 * head)
        let positions: [Int32] = [0, 3, 1, 7]
        let frequencies = RotaryPositions.inverseFrequencies(base: 100, dimensions: head)
        let angles = RotaryTable(count: 8, inverseFrequencies: frequencies, magnitude: 1)
        let w = try Numbers(1, head, .fp32, random.floats(head, around: 1))
        let (xs, slopes) = (random.floats(rows * columns), random.floats(rows * columns))
        func f(_ x: [Double], _ w: [Double]) -> [Double] {
            var y = x
            for start in stride(from: 0, to: x.count, by: head) {
                let own = x[start..<start + head]
                let factor = 1 / (own.reduce(0) { $0 + $1 * $1 } / Double(head) + epsilon).squareRoot()
                for pair in 0..<head / 2 {
                    let angle = Double(positions[start / columns]) * frequencies[pair]
                    let a = own[start + pair] * factor * w[pair]
                    let b = own[start + pair + head / 2] * factor * w[pair + head / 2]
                    y[start + pair] = a * cos(angle) - b * sin(angle)
                    y[start + pair + head / 2] = a * sin(angle) + b * cos(angle)
                }
            }
            return y
        }
        try withEveryVariant { precision, comment in
            let x = try Numbers(rows, columns, precision, xs), y = try Numbers(rows, columns, precision)
            TrainingOperations.headNorm(
                x.view, weight: w.view, epsilon: Float(epsilon), angles: angles, positions: positions[...],
                into: y.view)
            #expect(relativeDifference(y.doubles, f(x.doubles, w.doubles)) < tolerance(precision), comment)
            let gradient = try Numbers(rows, columns, precision, slopes), weightGradient = try Numbers(1, head, .fp32)
            let given = gradient.doubles
            func loss(_ y: [Double]) -> Double { zip(y, given).reduce(0) { $0 + $1.0 * $1.1 } }
            TrainingOperations.headNormBackward(
                x.view, weight: w.view, epsilon: Float(epsilon), angles: angles, positions: positions[...],
                gradient: gradient.view, weightGradient: weightGradient.view)
            let expected = differences(x.doubles, at: Array(0..<rows * columns)) { loss(f($0, w.doubles)) }
            #expect(
                relativeDifference(gradient.doubles, expected) < max(1e-4, tolerance(precision)),
                "\(comment), seed \(random.seed)")
            let ofWeights = differences(w.doubles, at: Array(0..<head)) { loss(f(x.doubles, $0)) }
            #expect(relativeDifference(weightGradient.doubles, ofWeights) < 1e-4, "\(comment), seed \(random.seed)")
        }
    }

    @Test func gatedActivation() throws {
        var random = RandomNumbers()
        let (rows, n) = (3, 64)
        // Some gates far out, where e^-g must not overflow.
        let inputs = random.floats(rows * 2 * n).enumerated().map { $0.offset % 9 == 0 ? 90 * $0.element : $0.element }
        let slopes = random.floats(rows * n)
        func f(_ x: [Double]) -> [Double] {
            (0..<rows * n).map { index in
                let (gate, up) = (x[index / n * 2 * n + index % n], x[index / n * 2 * n + n + index % n])
                return gate / (1 + exp(-gate)) * up
            }
        }
        try withEveryVariant { precision, comment in
            let x = try Numbers(rows, 2 * n, precision, inputs), out = try Numbers(rows, n, precision)
            TrainingOperations.swiglu(x.view, into: out.view)
            #expect(relativeDifference(out.doubles, f(x.doubles)) < tolerance(precision), comment)
            let forward = out.doubles
            let slope = try Numbers(rows, n, precision, slopes), gradient = try Numbers(rows, 2 * n, precision)
            let given = slope.doubles
            TrainingOperations.swigluBackward(
                x.view, outGradient: slope.view, xGradient: gradient.view, out: slope.view)
            #expect(slope.doubles == forward, comment)
            let expected = differences(x.doubles, at: Array(0..<rows * 2 * n)) { x in
                zip(f(x), given).reduce(0) { $0 + $1.0 * $1.1 }
            }
            #expect(
                relativeDifference(gradient.doubles, expected) < max(1e-4, tolerance(precision)),
                "\(comment), seed \(random.seed)")
        }
    }

    @Test func crossEntropy() throws {
        var random = RandomNumbers()
        let (n, padded, scale) = (131, 160, Float(0.25))
        let targets: [Int32] = [5, -1, 130, 0]
        let logits = random.floats(4 * padded).map { 8 * $0 }
        func f(_ z: [Double]) -> [Double] {
            targets.enumerated().map { row, target in
                guard target >= 0 else { return 0 }
                let own = z[row * padded..<row * padded + n]
                return log(own.reduce(0) { $0 + exp($1) }) - own[row * padded + Int(target)]
            }
        }
        try withEveryVariant { precision, comment in
            let z = try Numbers(4, padded, .fp32, logits)
            let losses = UnsafeMutableBufferPointer<Float>.allocate(capacity: 4)
            defer { losses.deallocate() }
            let before = z.doubles
            TrainingOperations.crossEntropy(
                z.view, targets: targets[...], losses: losses, vocabularySize: n, gradientAs: nil, scale: 0)
            #expect(relativeDifference(losses.map(Double.init), f(before)) < 1e-6, comment)
            TrainingOperations.crossEntropy(
                z.view, targets: targets[...], losses: losses, vocabularySize: n, gradientAs: precision, scale: scale)
            #expect(relativeDifference(losses.map(Double.init), f(before)) < 1e-6, comment)
            let gradient = precision == .bf16 ? z.view.reinterpreted(as: .bf16) : z.view
            let expected = differences(before, at: Array(0..<4 * padded)) { f($0).reduce(0, +) * Double(scale) }
            let ours = gradient.copy().map(Double.init)
            #expect(
                relativeDifference(ours, expected) < (precision == .bf16 ? 5e-3 : 1e-4),
                "\(comment), seed \(random.seed)")
            #expect((0..<4 * padded).allSatisfy { $0 % padded < n || ours[$0] == 0 }, comment)
        }
    }
}
