import Assistant
import Inference
import Testing

@Suite struct ScoresTests {
    /// Whether tokens are read or written, they have the probabilities that the prompt's own scoring gives them.
    @Test(arguments: [4, 100])
    func scoresAreThoseOfThePrompt(contextTokens: Int) async throws {
        let tiny = try TinyModel()
        defer { tiny.remove() }
        let assistant = try tiny.load()
        let context = (0..<contextTokens).map { Int32(97 + $0 * 7 % 26) }
        let tokens: [Int32] = [104, 105, 33]
        let scores = try await assistant.scores(of: tokens, after: context)
        #expect(scores.map(\.id) == tokens)
        var request = CompletionRequest(prompt: .tokens(context + tokens), tokensMax: 0, scoresPrompt: true)
        request.sampling.logprobs = 1
        var expected: [ScoredToken] = []
        for try await event in try await assistant.complete(request) {
            if case .started(let start) = event { expected = start.scoredPrompt }
        }
        for (score, prompt) in zip(scores, expected.suffix(3)) {
            let found = Double(try #require(score.logProbability))
            #expect(abs(found - (prompt.logProbability ?? 0)) < 1e-3, "\(found), \(prompt)")
            #expect(score.alternatives.first.map { Double($0.logProbability) } ?? -1e9 >= found - 1e-6)
        }
    }

    @Test func aContextThatIsTooLongLosesItsBeginning() async throws {
        let tiny = try TinyModel(contextTokens: 64)
        defer { tiny.remove() }
        let assistant = try tiny.load()
        let long = (0..<200).map { Int32(97 + $0 % 26) }
        let scores = try await assistant.scores(of: [104, 105], after: long)
        let short = try await assistant.scores(of: [104, 105], after: Array(long.suffix(62)))
        for (one, other) in zip(scores, short) {
            #expect(abs((one.logProbability ?? 0) - (other.logProbability ?? 1)) < 1e-3, "\(one), \(other)")
        }
        await #expect(throws: AssistantError.self) {
            try await assistant.scores(of: Array(repeating: 104, count: 64), after: [97])
        }
    }
}
