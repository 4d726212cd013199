import Foundation
import Inference
import Kernels
import Testing

@Suite struct SamplerTests {
    private func choose(_ sampler: inout Sampler, _ logits: [Float]) -> Sampler.Choice {
        let scratch = SamplingScratch(vocabularySize: logits.count)
        return sampler.next(Matrix(rows: 1, columns: logits.count, values: logits), scratch: scratch)
    }

    private func token(_ sampler: inout Sampler, _ logits: [Float]) -> Int32? {
        guard case .token(let token, _) = choose(&sampler, logits) else { return nil }
        return token
    }

    @Test func greedyTakesTheFirstBest() {
        var sampler = Sampler(.greedy, prompt: [], seed: 0)
        #expect(token(&sampler, [1, 3, 2, 3]) == 1)
        var cold = SamplingParameters()
        cold.temperature = 1e-6
        sampler = Sampler(cold, prompt: [], seed: 0)
        #expect(token(&sampler, [1, 3, 2, 3]) == 1)
    }

    @Test func whatIsNoNumberIsSeen() {
        var sampler = Sampler(SamplingParameters(), prompt: [], seed: 0)
        #expect(choose(&sampler, [1, .nan, 2]) == .notFinite)
        #expect(choose(&sampler, [1, .infinity, 2]) == .notFinite)
        #expect(choose(&sampler, [1, -.infinity, 2]) == .notFinite)
    }

    @Test func biasComesFirst() {
        var parameters = SamplingParameters.greedy
        parameters.logitBias = [0: 10]
        parameters.logprobs = 1
        var sampler = Sampler(parameters, prompt: [], seed: 0)
        guard case .token(let token, let score) = choose(&sampler, [0, 1]) else { return }
        #expect(token == 0)
        // What is reported is what the model said.
        #expect(abs(Double(score?.logProbability ?? 0) + log(1 + exp(1.0))) < 1e-5)
        #expect(score?.alternatives.map(\.id) == [1])
    }

    /// Frequencies of many draws against the distribution that the definitions give.
    @Test(arguments: [
        "plain", "hot", "topK", "topP", "minP", "typical", "all",
    ])
    func drawsFollowTheDistribution(name: String) {
        var parameters = SamplingParameters()
        if name == "hot" { parameters.temperature = 1.7 }
        if name == "topK" || name == "all" { parameters.topK = 7 }
        if name == "topP" || name == "all" { parameters.topP = 0.83 }
        if name == "minP" || name == "all" { parameters.minP = 0.06 }
        if name == "typical" || name == "all" { parameters.typicalP = 0.77 }
        if name == "all" { parameters.temperature = 0.8 }
        var random = RandomSource(seed: 11)
        let logits = (0..<24).map { _ in Float.random(in: -3...3, using: &random) }
        var wanted =
            logits.enumerated().map { (Int32($0), exp(Double($1 / parameters.temperature))) }
            as [NaiveSampling.Weighted]
        if parameters.topK > 0 { wanted = NaiveSampling.topK(wanted, parameters.topK) }
        if parameters.typicalP < 1 { wanted = NaiveSampling.typical(wanted, Double(parameters.typicalP)) }
        if parameters.topP < 1 { wanted = NaiveSampling.topP(wanted, Double(parameters.topP)) }
        if parameters.minP > 0 { wanted = NaiveSampling.minP(wanted, Double(parameters.minP)) }
        let mass = NaiveSampling.mass(wanted)

        let draws = 40_000
        var counts: [Int32: Int] = [:]
        var sampler = Sampler(parameters, prompt: [], seed: 5)
        let scratch = SamplingScratch(vocabularySize: logits.count)
        let row = Matrix(rows: 1, columns: logits.count)
        for _ in 0..<draws {
            for (column, value) in logits.enumerated() { row[0, column] = value }
            if case .token(let token, _) = sampler.next(row, scratch: scratch) { counts[token, default: 0] += 1 }
        }
        #expect(Set(counts.keys).isSubset(of: wanted.map(\.token)))
        for (token, probability) in wanted {
            let share = probability / mass
            let deviation = (share * (1 - share) / Double(draws)).squareRoot()
            let found = Double(counts[token] ?? 0) / Double(draws)
            #expect(abs(found - share) < 5 * deviation + 1e-4, "\(name): token \(token), \(found) of \(share)")
        }
    }

    @Test func theSameSeedDrawsTheSame() {
        let logits = (0..<100).map { Float($0 % 13) / 5 }
        func draws(_ seed: UInt64) -> [Int32?] {
            var sampler = Sampler(SamplingParameters(), prompt: [1], seed: seed)
            return (0..<50).map { _ in token(&sampler, logits) }
        }
        #expect(draws(9) == draws(9))
        #expect(draws(9) != draws(10))
    }

    @Test func penaltiesSeeWhatWasChosen() {
        var parameters = SamplingParameters.greedy
        parameters.presencePenalty = 2
        var sampler = Sampler(parameters, prompt: [0], seed: 0)
        #expect((0..<3).map { _ in token(&sampler, [3, 2.5, 2]) } == [0, 1, 2])
    }

    @Test(
        arguments: [
            { $0.temperature = -1 }, { $0.temperature = .nan }, { $0.topP = 1.1 }, { $0.topK = -1 }, { $0.minP = -0.1 },
            { $0.typicalP = .infinity }, { $0.repetitionPenalty = 0 }, { $0.presencePenalty = .nan },
            { $0.frequencyPenalty = -.infinity }, { $0.penaltyTokensMax = -1 }, { $0.logprobs = 21 },
            { $0.logprobs = -1 },
            { $0.dry.base = 0.5 }, { $0.dry.multiplier = .nan }, { $0.dry.allowedTokens = 0 },
            { $0.dry.windowTokensMax = -1 }, { $0.logitBias = [-1: 0] }, { $0.logitBias = [100: 0] },
            { $0.logitBias = [1: .infinity] },
        ] as [@Sendable (inout SamplingParameters) -> Void])
    func oddSettingsAreRefused(change: @Sendable (inout SamplingParameters) -> Void) {
        var parameters = SamplingParameters()
        #expect(throws: Never.self) { try parameters.validate(vocabularySize: 100) }
        change(&parameters)
        #expect(throws: EngineError.self) { try parameters.validate(vocabularySize: 100) }
    }
}
