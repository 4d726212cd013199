import Foundation
import Kernels
import Testing
import Training

/// Attention's kernels against the formula in double precision, and that formula's derivative against differences.
@Suite(.serialized) struct AttentionTests {
    struct Problem {
        let tokens: Int
        let heads = 4
        let kvHeads = 2
        let headDim = 32
        let scale = 0.4
        let documents: [Int32]
        var q: [Double]
        var k: [Double]
        var v: [Double]

        var queryColumns: Int { heads * headDim }
        var keyColumns: Int { kvHeads * headDim }

        /// Weights of one query of one head over the keys that it sees, and their logarithmic sum.
        func weights(_ head: Int, _ token: Int) -> (keys: Range<Int>, weights: [Double], logSum: Double) {
            let keys = Int(documents[token])..<token + 1
            let scores = keys.map { key in
                (0..<headDim).reduce(0) {
                    $0 + q[token * queryColumns + head * headDim + $1] * k[key * keyColumns + head / 2 * headDim + $1]
                } * scale
            }
            let largest = scores.max() ?? 0
            let sum = scores.reduce(0) { $0 + exp($1 - largest) }
            return (keys, scores.map { exp($0 - largest) / sum }, largest + log(sum))
        }

        func output() -> (values: [Double], logSums: [Double]) {
            var (out, sums) = (Array(repeating: 0.0, count: tokens * queryColumns), [Double]())
            for token in 0..<tokens {
                for head in 0..<heads {
                    let (keys, weights, logSum) = weights(head, token)
                    sums.append(logSum)
                    for (key, weight) in zip(keys, weights) {
                        for i in 0..<headDim {
                            out[token * queryColumns + head * headDim + i] +=
                                weight * v[key * keyColumns + head / 2 * headDim + i]
                        }
                    }
                }
            }
            return (out, sums)
        }

        func gradients(_ slopes: [Double]) -> (q: [Double], k: [Double], v: [Double]) {
            var (dq, dk, dv) = (q.map { _ in 0.0 }, k.map { _ in 0.0 }, v.map { _ in 0.0 })
            for token in 0..<tokens {
                for head in 0..<heads {
                    let (keys, weights, _) = weights(head, token)
                    let (row, column) = (token * queryColumns + head * headDim, head / 2 * headDim)
                    let dp = keys.map { key in
                        (0..<headDim).reduce(0) { $0 + slopes[row + $1] * v[key * keyColumns + column + $1] }
                    }
                    let mean = zip(weights, dp).reduce(0) { $0 + $1.0 * $1.1 }
                    for (index, key) in keys.enumerated() {
                        let ds = weights[index] * (dp[index] - mean) * scale
                        for i in 0..<headDim {
                            dq[row + i] += ds * k[key * keyColumns + column + i]
                            dk[key * keyColumns + column + i] += ds * q[row + i]
                            dv[key * keyColumns + column + i] += weights[index] * slopes[row + i]
                        }
                    }
                }
            }
            return (dq, dk, dv)
        }
    }

    private func problem(_ tokens: Int, documents starts: [Int], _ random: inout RandomNumbers) -> Problem {
        let documents = (0..<tokens).map { token in Int32(starts.last { $0 <= token } ?? 0) }
        func round(_ x: [Float]) -> [Double] { x.map { Double(Float(bitPattern: $0.bitPattern & 0xffff_0000)) } }
        return Problem(
            tokens: tokens, documents: documents, q: round(random.floats(tokens * 128)),
            k: round(random.floats(tokens * 64)), v: round(random.floats(tokens * 64)))
    }

    @Test func theOracleIsItsOwnDerivative() {
        var random = RandomNumbers()
        let problem = problem(21, documents: [0, 8], &random)
        let slopes = random.floats(21 * 128).map(Double.init)
        let gradients = problem.gradients(slopes)
        for (path, ours) in [
            (\Problem.q as WritableKeyPath, gradients.q), (\Problem.k, gradients.k), (\Problem.v, gradients.v),
        ] {
            let coordinates = (0..<24).map { ($0 * 61 + 7) % ours.count }
            let expected = differences(problem[keyPath: path], at: coordinates) { x in
                var changed = problem
                changed[keyPath: path] = x
                return zip(changed.output().values, slopes).reduce(0) { $0 + $1.0 * $1.1 }
            }
            #expect(relativeDifference(coordinates.map { ours[$0] }, expected) < 1e-6, "seed \(random.seed)")
        }
    }

    /// Lengths around tiles (12), blocks (48) and panels (32); documents that end within and at them; keys of more than
    /// one block (512).
    @Test(arguments: [
        (1, [0]), (12, [0]), (33, [0, 1, 32]), (97, [0, 48, 50, 96]), (150, [0]), (530, [0, 3]), (1050, [0, 500]),
    ])
    func forwardAndBackward(tokens: Int, documents: [Int]) throws {
        var random = RandomNumbers()
        let problem = problem(tokens, documents: documents, &random)
        let slopes = random.floats(tokens * 128).map { Float(bitPattern: $0.bitPattern & 0xffff_0000) }
        let (expected, logSums) = problem.output()
        let gradients = problem.gradients(slopes.map(Double.init))
        let attention = TrainingAttention(heads: 4, kvHeads: 2, headDim: 32, scale: Float(problem.scale))
        try withEveryVariant { precision, comment in
            let q = try Numbers(tokens, 128, precision, problem.q.map(Float.init))
            let k = try Numbers(tokens, 64, precision, problem.k.map(Float.init))
            let v = try Numbers(tokens, 64, precision, problem.v.map(Float.init))
            let out = try Numbers(tokens, 128, precision), sums = try Numbers(tokens, 4, .fp32)
            let slope = try Numbers(tokens, 128, precision, slopes)
            let dq = try Numbers(tokens, 128, precision), dk = try Numbers(tokens, 64, precision)
            let dv = try Numbers(tokens, 64, precision)
            let scratch = try attention.makeScratch(tokens: tokens, precision: precision)
            let tensors = TrainingAttention.Tensors(
                queries: q.view, keys: k.view, values: v.view, output: out.view, logSums: sums.view)
            for head in 0..<2 {
                attention.forward(
                    rows: 0..<tokens, kvHead: head, documents: problem.documents[...], tensors, scratch: scratch)
            }
            let (near, far) = precision == .bf16 ? (1e-2, 3e-2) : (1e-5, 1e-4)
            #expect(relativeDifference(out.doubles, expected) < near, "\(comment), seed \(random.seed)")
            #expect(relativeDifference(sums.doubles, logSums) < 1e-5, "\(comment), seed \(random.seed)")
            for head in 0..<2 {
                attention.backward(
                    rows: 0..<tokens, kvHead: head, documents: problem.documents[...], tensors,
                    TrainingAttention.Gradients(
                        output: slope.view, queries: dq.view, keys: dk.view, values: dv.view), scratch: scratch)
            }
            // One key alone has no slope.
            if tokens > 1 {
                #expect(relativeDifference(dq.doubles, gradients.q) < far, "\(comment), seed \(random.seed)")
                #expect(relativeDifference(dk.doubles, gradients.k) < far, "\(comment), seed \(random.seed)")
            }
            #expect(relativeDifference(dv.doubles, gradients.v) < far, "\(comment), seed \(random.seed)")
        }
    }
}
