import Inference
import Kernels
import Testing

/// A token must cost far less than the millisecond that would show beside a decode step.
@Suite(.serialized) struct SamplingSpeedTests {
    @Test(arguments: ["plain", "top-p", "top-k", "all", "greedy"], [Float(1), 3, 9])
    func oneTokenOfALargeVocabulary(name: String, spread: Float) {
        let size = 151_936
        var parameters = SamplingParameters()
        if name == "top-p" || name == "all" { parameters.topP = 0.95 }
        if name == "top-k" || name == "all" { parameters.topK = 40 }
        if name == "all" { parameters.minP = 0.05 }
        if name == "greedy" { parameters.temperature = 0 }
        var random = RandomSource(seed: 2)
        let logits = (0..<size).map { _ in
            // About normal: the sum of four uniforms.
            (0..<4).reduce(Float(0)) { sum, _ in sum + Float(random.uniform() - 0.5) } * 1.7 * spread
        }
        let source = Matrix(rows: 1, columns: size, values: logits)
        let row = Matrix(rows: 1, columns: size)
        let scratch = SamplingScratch(vocabularySize: size)
        var sampler = Sampler(parameters, prompt: [], seed: 1)
        var best = Double.infinity
        for _ in 0..<30 {
            row.assign(source)
            let start = ContinuousClock.now
            _ = sampler.next(row, scratch: scratch)
            best = min(best, (ContinuousClock.now - start) / .milliseconds(1))
        }
        #if !DEBUG
            // The bound leaves room for slow and busy machines.
            #expect(best < 3, "\(name), spread \(spread): \(best) ms")
        #endif
    }
}
