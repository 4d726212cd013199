import Foundation
import Inference
import Testing

@Suite struct StepCostsTests {
    private func noisy(_ seconds: Double, _ random: inout RandomSource) -> Double {
        // Most steps are a little off, some far.
        let spread = seconds * (0.95 + 0.1 * random.uniform())
        return random.uniform() < 0.02 ? spread * 2 : spread
    }

    @Test(arguments: UInt64(1)...5)
    func learnsTheCurveWhileTheMachineChanges(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var costs = StepCosts(proposalsMax: 16)
        let truth = { (proposals: Int) in 1 + 0.3 * Double((proposals + 5) / 6) }
        for step in 0..<3000 {
            // Slower and slower, then quick again.
            let speed = 0.03 * (1 + Double(step % 1000) / 300)
            let proposals = [0, 0, 2, 5, 9, 16].randomElement(using: &random) ?? 0
            costs.record(
                sequences: 1, proposals: proposals, seconds: noisy(speed * truth(proposals), &random))
        }
        for proposals in [2, 5, 9, 16] {
            let cost = costs.cost(proposals: proposals, sequences: 1)
            #expect(abs(cost / truth(proposals) - 1) < 0.2, "seed \(seed): \(proposals) cost \(cost)")
        }
        // Between what was measured; other numbers of sequences know nothing of it.
        let between = costs.cost(proposals: 12, sequences: 1)
        #expect(between >= costs.cost(proposals: 9, sequences: 1) && between <= costs.cost(proposals: 16, sequences: 1))
        #expect(costs.cost(proposals: 5, sequences: 8) == StepCosts(proposalsMax: 16).cost(proposals: 5, sequences: 8))
    }

    @Test func withoutProposalsTheCostIsOne() {
        var costs = StepCosts(proposalsMax: 4)
        #expect(costs.cost(proposals: 0, sequences: 3) == 1 && costs.cost(proposals: 4, sequences: 3) > 1)
        #expect(costs.seconds(sequences: 1) == nil)
        costs.record(sequences: 1, proposals: 0, seconds: 0.5)
        #expect(costs.seconds(sequences: 1) == 0.5)
        costs.record(sequences: 1, proposals: 0, seconds: 0)
        #expect(costs.seconds(sequences: 1) == 0.5)
    }

    @Test func stepsWithSomethingBetweenAreNotCompared() {
        var costs = StepCosts(proposalsMax: 4)
        costs.record(sequences: 1, proposals: 0, seconds: 1)
        costs.interrupt()
        let before = costs.cost(proposals: 4, sequences: 1)
        costs.record(sequences: 1, proposals: 4, seconds: 9)
        #expect(costs.cost(proposals: 4, sequences: 1) == before)
    }
}
