import Kernels
import Testing
import Tuning

@Suite struct PolicyObjectiveTests {
    /// The weight of a token is the derivative of its loss, by differences; w is a constant.
    @Test(arguments: [0, 0.05, 1.0]) func weightsAreDerivatives(beta: Double) {
        let objective = PolicyObjective(beta: beta)
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            let nats = 4 * random.uniform()
            let token = PolicyObjective.Token(
                nats: nats, sampledNats: nil, startNats: nats + 2 * random.uniform() - 1,
                advantage: 4 * random.uniform() - 2)
            let step = 1e-5
            var (above, below) = (token, token)
            above.nats += step
            below.nats -= step
            let slope = (objective.loss(above) - objective.loss(below)) / (2 * step)
            #expect(abs(slope - objective.weight(token)) < 1e-6, "\(token)")
        }
    }

    @Test func whatTheEngineSampledOtherwiseIsMadeUpFor() {
        let objective = PolicyObjective(beta: 0)
        func weight(_ sampled: Double) -> Double {
            objective.weight(.init(nats: 1, sampledNats: sampled, startNats: nil, advantage: 3))
        }
        #expect(weight(1) == 3)
        // The network finds it less likely than the engine did: it came too often.
        #expect(abs(weight(0.9) - 3 * 0.904_837_418) < 1e-6)
        #expect(weight(9) == 3 * PolicyObjective.ratioMax)
    }

    @Test func divergenceIsNotNegativeAndZeroAtTheStart() {
        let objective = PolicyObjective(beta: 1)
        for start in [0.1, 1, 5, 300] {
            let token = PolicyObjective.Token(nats: 1, sampledNats: nil, startNats: start, advantage: 0)
            #expect(objective.divergence(token) >= 0 && objective.divergence(token).isFinite)
        }
        let same = PolicyObjective.Token(nats: 2, sampledNats: nil, startNats: 2, advantage: 1)
        #expect(objective.divergence(same) == 0 && objective.weight(same) == 1)
    }

    @Test func advantagesAreOfTheGroup() {
        let rollout = Rollout(tokens: [1], logProbabilities: [0], isTruncated: false)
        func group(_ rewards: [Double]) -> AnswerGroup {
            AnswerGroup(prompt: [1], answers: rewards.map { _ in rollout }, rewards: rewards)
        }
        #expect(group([1, 1, 1]).isDegenerate && group([1, 1, 1]).advantages(standardized: true) == [0, 0, 0])
        let mixed = group([1, 0, 0, 0])
        #expect(mixed.advantages(standardized: false) == [0.75, -0.25, -0.25, -0.25])
        let standard = mixed.advantages(standardized: true)
        #expect(abs(standard[0] - 3.0.squareRoot()) < 1e-3 && abs(standard.reduce(0, +)) < 1e-9)
    }

    @Test func answersArePackedWhole() {
        var random = SplitMix64(seed: 4)
        let items = (0..<40).map { index in
            AnswerBatch.Item(
                answer: index, prompt: (0..<Int.random(in: 1...9, using: &random)).map { Int32(100 + $0) },
                tokens: (0..<Int.random(in: 1...12, using: &random)).map { Int32($0) })
        }
        let batches = AnswerBatch.pack(items, rows: 4, sequence: 32)
        #expect(batches.flatMap(\.parts).map(\.answer).sorted() == Array(0..<40))
        for batch in batches {
            #expect(batch.batch.flaw(vocabularySize: 200) == nil)
            #expect(batch.batch.targetCount == batch.parts.reduce(0) { $0 + $1.positions.count })
            for part in batch.parts {
                let item = items[part.answer]
                #expect(Array(batch.batch.targets[part.positions]) == item.tokens)
                let before = part.positions.lowerBound - (item.prompt.count - 1)
                #expect(Array(batch.batch.tokens[before..<before + item.prompt.count]) == item.prompt)
                #expect(Int(batch.batch.documents[before]) == before % 32)
            }
        }
    }
}
