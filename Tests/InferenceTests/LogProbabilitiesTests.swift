import Foundation
import Inference
import Kernels
import Testing

@Suite struct LogProbabilitiesTests {
    @Test(arguments: [1, 2, 17, 1000])
    func areTheLogarithmsOfTheSoftmax(count: Int) {
        var random = RandomSource(seed: UInt64(count))
        let logits = (0..<count).map { _ in Float.random(in: -60...60, using: &random) }
        let best = Double(logits.max() ?? 0)
        let sum = log(logits.reduce(0) { $0 + exp(Double($1) - best) })
        let row = Matrix(rows: 1, columns: count, values: logits)
        let table = LogProbabilities(row, alternatives: 20, scratch: SamplingScratch(vocabularySize: count))
        let ranked = logits.indices.sorted { (logits[$0], -$0) > (logits[$1], -$1) }.prefix(20)
        // The row may be changed afterwards.
        row[0, 0] = 0
        for token in 0..<count {
            let score = table.score(of: Int32(token))
            // Far below what a float's exponential can tell from zero.
            #expect(abs(Double(score.logProbability ?? .nan) - (Double(logits[token]) - best - sum)) < 2e-5)
        }
        let alternatives = table.score(of: 0).alternatives
        #expect(alternatives.count == min(20, count))
        #expect(alternatives.prefix(3).map(\.id) == ranked.prefix(3).map(Int32.init))
        #expect(zip(alternatives, alternatives.dropFirst()).allSatisfy { $0.logProbability >= $1.logProbability })
    }
}
