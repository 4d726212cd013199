import Foundation
import Inference
import Testing

@Suite struct EngineScoringTests {
    /// log-softmax in double precision.
    private func logProbabilities(_ logits: [Float]) -> [Double] {
        let values = logits.map(Double.init)
        let best = values.max() ?? 0
        let sum = log(values.reduce(0) { $0 + exp($1 - best) })
        return values.map { $0 - best - sum }
    }

    @Test(arguments: [0, 4])
    func promptsAreScored(answerTokens: Int) async throws {
        // Two rows of scores a step, so that the prompt comes in pieces.
        let test = try TestEngine { $0.scoreBytesMax = 2 * 4 * 40 }
        let prompt = (0..<90).map { Int32($0 * 7 % 40) }
        _ = try await test.answer(prompt, tokens: 1)
        let answer = try await test.answer(prompt, tokens: answerTokens) {
            $0.promptLogprobs = true
            $0.sampling.logprobs = 3
        }
        #expect(answer.promptScores.map(\.id) == prompt)
        #expect(answer.promptScores[0].logProbability == nil && answer.promptScores[0].alternatives.isEmpty)
        for place in 1..<prompt.count {
            let wanted = logProbabilities(test.runner.logits(Array(prompt[..<place])))
            let score = answer.promptScores[place]
            #expect(abs(Double(score.logProbability ?? .nan) - wanted[Int(prompt[place])]) < 1e-5)
            let ranked = wanted.indices.sorted { wanted[$0] > wanted[$1] }.prefix(3).map(Int32.init)
            #expect(score.alternatives.map(\.id) == ranked)
        }
        #expect(answer.tokens == test.runner.answer(to: prompt, tokens: answerTokens))
        #expect(answer.scores.count == answerTokens)
        #expect(answer.end == .length)
        let rowsMax = test.runner.record.steps.joined().filter { $0.wants == .allLogits }.map(\.tokens.count).max()
        #expect(rowsMax == 2)
    }

    @Test func aPromptOfOneTokenHasNoScore() async throws {
        let test = try TestEngine()
        let answer = try await test.answer([3], tokens: 0) { $0.promptLogprobs = true }
        #expect(answer.promptScores == [TokenScore(id: 3, logProbability: nil)])
        #expect(answer.end == .length && answer.tokens.isEmpty)
    }

    @Test func answersAreScored() async throws {
        let test = try TestEngine()
        let answer = try await test.answer([3, 4], tokens: 5) { $0.sampling.logprobs = 0 }
        var context: [Int32] = [3, 4]
        for (token, score) in zip(answer.tokens, answer.scores) {
            let wanted = logProbabilities(test.runner.logits(context))[Int(token)]
            #expect(abs(Double(score.logProbability ?? .nan) - wanted) < 1e-5)
            #expect(score.alternatives.isEmpty && score.id == token)
            context.append(token)
        }
        #expect(answer.scores.count == 5)
    }

    @Test func scoresSurviveTheLossOfMemory() async throws {
        let test = try TestEngine(contextTokens: 256, cacheTokens: 256) {
            $0.sequencesMax = 4
            $0.scoreBytesMax = 8 * 4 * 40
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in Int32(0)..<6 {
                let prompt = (0..<40).map { (place: Int32) in (place * 3 + number) % 40 }
                group.addTask {
                    let answer = try await test.answer(prompt, tokens: 150) { $0.promptLogprobs = true }
                    #expect(answer.promptScores.map(\.id) == prompt)
                    #expect(answer.tokens == test.runner.answer(to: prompt, tokens: 150))
                }
            }
            try await group.waitForAll()
        }
        #expect(test.engine.statistics.preemptions > 0)
    }

    @Test func embeddingsAreMeansOfLengthOne() async throws {
        let test = try TestEngine { $0.prefillChunkTokens = 16 }
        let prompts: [[Int32]] = (1..<30).map { (count: Int32) in (0..<count * 3).map { $0 % 40 } }
        let vectors = try await test.engine.embed(prompts)
        for (prompt, vector) in zip(prompts, vectors) {
            var mean = [Double](repeating: 0, count: 8)
            for count in 1...prompt.count {
                let row = test.runner.logits(Array(prompt[..<count]))
                for column in 0..<8 { mean[column] += Double(row[column]) }
            }
            let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for column in 0..<8 { #expect(abs(Double(vector[column]) - mean[column] / length) < 1e-5) }
        }
        #expect(vectors.count == prompts.count && test.engine.statistics.embeddings == 29)
        await #expect(throws: EngineError.self) { try await test.engine.embed([[1], []]) }
        await #expect(throws: EngineError.self) { try await test.engine.embed([[1], [40]]) }
        #expect(try await test.engine.embed([]).isEmpty)
    }
}
