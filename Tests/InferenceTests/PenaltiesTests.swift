import Inference
import Testing

@Suite struct PenaltiesTests {
    private func apply(_ penalties: Penalties, _ logits: [Float]) -> [Float] {
        var logits = logits
        logits.withUnsafeMutableBufferPointer { penalties.apply(to: $0) }
        return logits
    }

    @Test func followTheFormula() {
        for seed in UInt64(0)..<200 {
            var random = RandomSource(seed: seed)
            var parameters = SamplingParameters()
            parameters.repetitionPenalty = [1, 1.3, 0.8].randomElement(using: &random) ?? 1
            parameters.presencePenalty = [0, 0.5].randomElement(using: &random) ?? 0
            parameters.frequencyPenalty = [0, 0.25, -0.5].randomElement(using: &random) ?? 0
            parameters.penaltyTokensMax = [0, 1, 5, 20, Int.max].randomElement(using: &random) ?? 0
            let prompt = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                Int32.random(in: 0..<10, using: &random)
            }
            let answer = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                Int32.random(in: 0..<10, using: &random)
            }
            var penalties = Penalties(parameters, prompt: prompt)
            for token in answer { penalties.accept(token) }
            let logits = (0..<10).map { _ in Float.random(in: -4...4, using: &random) }

            let window = (prompt + answer).suffix(parameters.penaltyTokensMax)
            let recentAnswer = answer.suffix(parameters.penaltyTokensMax)
            var wanted = logits
            for token in 0..<10 {
                if window.contains(Int32(token)) {
                    wanted[token] *= wanted[token] > 0 ? 1 / parameters.repetitionPenalty : parameters.repetitionPenalty
                }
                let times = recentAnswer.count { $0 == Int32(token) }
                if times > 0 {
                    wanted[token] -= parameters.presencePenalty + parameters.frequencyPenalty * Float(times)
                }
            }
            for (found, wanted) in zip(apply(penalties, logits), wanted) {
                #expect(abs(found - wanted) < 1e-5, "seed \(seed)")
            }
        }
    }

    @Test func biasIsAdded() {
        var logits: [Float] = [1, 2, 3]
        logits.withUnsafeMutableBufferPointer { LogitBias.apply([2: -5, 0: 1], to: $0) }
        #expect(logits == [2, 2, -2])
    }
}
