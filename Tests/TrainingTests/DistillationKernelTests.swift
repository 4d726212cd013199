import Foundation
import Kernels
import Testing
import Training

/// The loss against a teacher, and its derivative, against the formula in double precision.
@Suite(.serialized) struct DistillationKernelTests {
    private static let (rows, n, padded, count) = (4, 131, 160, 5)
    private static let targets: [Int32] = [5, -1, 130, 0]
    private static let scale = Float(0.25)

    @Test(arguments: [(1.0, 0.5), (1.0, 1.0), (2.0, 0.7), (0.5, 0.0)])
    func isItsFormulas(temperature: Double, alpha: Double) throws {
        var random = RandomNumbers()
        let teacher = Self.teacher(&random, Float(temperature), Float(alpha))
        let logits = random.floats(Self.rows * Self.padded).map { 4 * $0 }
        for variant in TrainingKernels.Variant.allCases where variant.isSupported {
            defer { _ = TrainingKernels.select(NetworkTests.best) }
            #expect(TrainingKernels.select(variant))
            for precision in [NumberPrecision.fp32, .bf16] {
                let z = try Numbers(Self.rows, Self.padded, .fp32, logits)
                let before = z.doubles
                let (losses, divergences) = Self.compute(z.view, teacher, gradientAs: precision)
                let expected = Self.parts(before, teacher)
                let comment: Comment = "\(variant), \(precision), seed \(random.seed)"
                #expect(relativeDifference(losses, expected.losses) < 1e-5, comment)
                #expect(relativeDifference(divergences, expected.divergences) < 1e-4, comment)
                let gradient = (precision == .bf16 ? z.view.reinterpreted(as: .bf16) : z.view).copy().map(Double.init)
                let slopes = differences(before, at: Array(before.indices)) {
                    Self.total($0, teacher) * Double(Self.scale)
                }
                #expect(relativeDifference(gradient, slopes) < (precision == .bf16 ? 5e-3 : 3e-4), comment)
                #expect(before.indices.allSatisfy { $0 % Self.padded < Self.n || gradient[$0] == 0 }, comment)
            }
        }
    }

    /// A teacher of no weight is cross-entropy, bit for bit; losses are the same without a gradient.
    @Test func withoutWeightItIsCrossEntropy() throws {
        var random = RandomNumbers()
        let teacher = Self.teacher(&random, 1, 0)
        let logits = random.floats(Self.rows * Self.padded)
        let (own, plain) = (
            try Numbers(Self.rows, Self.padded, .fp32, logits), try Numbers(Self.rows, Self.padded, .fp32, logits)
        )
        let ungraded = Self.compute(own.view, teacher, gradientAs: nil)
        #expect(own.doubles == plain.doubles)
        #expect(Self.compute(own.view, teacher, gradientAs: .fp32) == ungraded)
        let losses = UnsafeMutableBufferPointer<Float>.allocate(capacity: Self.rows)
        defer { losses.deallocate() }
        TrainingOperations.crossEntropy(
            plain.view, targets: Self.targets[...], losses: losses, vocabularySize: Self.n, gradientAs: .fp32,
            scale: Self.scale)
        #expect(losses.map(Double.init) == ungraded.losses)
        #expect(relativeDifference(own.doubles, plain.doubles) < 1e-6, "seed \(random.seed)")
    }

    private static func teacher(
        _ random: inout RandomNumbers, _ temperature: Float, _ alpha: Float
    ) -> TrainingOperations.Teacher {
        var (ids, probabilities): ([Int32], [Float]) = ([], [])
        for row in 0..<rows {
            // The target is among them in some rows.
            ids += (0..<count).map { Int32((row * 65 + $0 * 13) % n) }
            // The second row leaves nothing for the rest.
            let weights = random.floats(count, around: 1.1)
            let sum = weights.reduce(0, +) * (row == 1 ? 1 : 1.3)
            probabilities += weights.map { $0 / sum }
        }
        return TrainingOperations.Teacher(
            count: count, ids: ids, probabilities: probabilities, temperature: temperature, alpha: alpha)
    }

    private static func compute(
        _ z: NumberMatrix, _ teacher: TrainingOperations.Teacher, gradientAs precision: NumberPrecision?
    ) -> (losses: [Double], divergences: [Double]) {
        let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2 * rows)
        defer { numbers.deallocate() }
        let (losses, divergences) = (
            UnsafeMutableBufferPointer(rebasing: numbers[..<rows]),
            UnsafeMutableBufferPointer(rebasing: numbers[rows...])
        )
        TrainingOperations.distillation(
            z, targets: targets[...], teacher, first: 0, losses: losses, divergences: divergences, vocabularySize: n,
            gradientAs: precision, scale: scale)
        return (losses.map(Double.init), divergences.map(Double.init))
    }

    private static func parts(
        _ z: [Double], _ teacher: TrainingOperations.Teacher
    ) -> (losses: [Double], divergences: [Double]) {
        var (losses, divergences): ([Double], [Double]) = ([], [])
        for (row, target) in targets.enumerated() {
            guard target >= 0 else {
                losses.append(0)
                divergences.append(0)
                continue
            }
            let own = Array(z[row * padded..<row * padded + n])
            func softmax(_ temperature: Double) -> [Double] {
                let powers = own.map { exp($0 / temperature) }
                let sum = powers.reduce(0, +)
                return powers.map { $0 / sum }
            }
            losses.append(-log(softmax(1)[Int(target)]))
            let q = softmax(Double(teacher.temperature))
            var (divergence, pRest, qRest) = (0.0, 1.0, 1.0)
            for index in row * count..<(row + 1) * count {
                let (p, id) = (Double(teacher.probabilities[index]), Int(teacher.ids[index]))
                divergence += p * log(p / q[id])
                pRest -= p
                qRest -= q[id]
            }
            if pRest > 1e-6 { divergence += pRest * log(pRest / qRest) }
            divergences.append(divergence)
        }
        return (losses, divergences)
    }

    private static func total(_ z: [Double], _ teacher: TrainingOperations.Teacher) -> Double {
        let (losses, divergences) = parts(z, teacher)
        let (alpha, temperature) = (Double(teacher.alpha), Double(teacher.temperature))
        return zip(losses, divergences).reduce(0) {
            $0 + alpha * temperature * temperature * $1.1 + (1 - alpha) * $1.0
        }
    }
}
