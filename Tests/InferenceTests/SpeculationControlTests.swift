import Foundation
import Inference
import Testing

/// The controller beside simulated machines: what it loses where speculation cannot win, and what it wins where it can.
@Suite struct SpeculationControlTests {
    /// A machine and the texts on it.
    private struct World {
        /// Of a step with so many rows, in seconds.
        var seconds: (Int) -> Double
        /// How often a proposal is right when those before it are.
        var truth: Double
        /// How often there is a proposal.
        var coverage = 1.0
        var sequences = 1
        var noise = 0.1
    }

    /// Runs many steps as the engine does.
    ///
    /// - Returns: the rate of tokens with the controller over that without proposals, and the share of steps with some.
    private func run(
        _ world: World, steps: Int = 4000, seed: UInt64, _ control: inout SpeculationControl
    ) -> (gain: Double, share: Double) {
        var random = RandomSource(seed: seed)
        var requests = (0..<world.sequences).map { _ in RequestAcceptance() }
        var (time, tokens, speculative) = (0.0, 0, 0)
        let evidence = Evidence.lookup(matchedTokens: 5)
        for _ in 0..<steps {
            let candidates = requests.map { request in
                random.uniform() < world.coverage
                    ? Array(repeating: request.rate(evidence, control.rates), count: 12) : []
            }
            let counts =
                control.needsReference(sequences: world.sequences)
                ? candidates.map { _ in 0 } : control.decide(candidates, sequences: world.sequences)
            let proposals = counts.reduce(0, +)
            var brought = 0
            for (sequence, count) in counts.enumerated() {
                var right = 0
                while right < count, random.uniform() < world.truth { right += 1 }
                brought += right + 1
                // Each token of the answer judges the lookup, proposed or not.
                for place in 0...right where !candidates[sequence].isEmpty {
                    let isRight = place < right || (right == count && random.uniform() < world.truth)
                    requests[sequence].record(evidence, isAccepted: isRight, in: &control.rates)
                }
            }
            let exact = world.seconds(world.sequences + proposals)
            let measured = exact * (1 + world.noise * (random.uniform() - 0.5)) * (random.uniform() < 0.03 ? 2 : 1)
            control.record(sequences: world.sequences, proposals: proposals, tokens: brought, seconds: measured)
            time += exact
            tokens += brought
            if proposals > 0 { speculative += 1 }
        }
        let plain = Double(world.sequences) / world.seconds(world.sequences)
        return (Double(tokens) / time / plain, Double(speculative) / Double(steps))
    }

    /// The best that any fixed number of proposals gives.
    private func best(_ world: World) -> Double {
        (0...12).map { count in
            let tokens = (0...count).reduce(0) { $0 + pow(world.truth, Double($1)) }
            return tokens * world.seconds(1) / world.seconds(1 + count)
        }.max() ?? 1
    }

    private static let machines: [(name: String, seconds: @Sendable (Int) -> Double)] = [
        ("memory", { 0.04 * (1 + 0.05 * Double($0 - 1)) }),
        ("balanced", { 0.04 * (1 + 0.15 * Double($0 - 1)) }),
        ("arithmetic", { 0.04 * (1 + 0.85 * Double($0 - 1)) }),
        ("stairs", { 0.03 + 0.012 * Double(($0 + 5) / 6) }),
        ("cliff", { $0 == 1 ? 0.02 : 0.05 + 0.001 * Double($0) }),
    ]

    @Test(arguments: 0..<5, [0.02, 0.3, 0.6, 0.8, 0.95])
    func findsTheBestAndNeverLosesMuch(machine: Int, truth: Double) {
        let world = World(seconds: Self.machines[machine].seconds, truth: truth)
        var control = SpeculationControl(proposalsMax: 32)
        let (gain, share) = run(world, seed: UInt64(machine), &control)
        let best = best(world)
        #expect(gain > 0.97, "\(Self.machines[machine].name), \(truth): \(gain), share \(share)")
        #expect(gain > 0.8 * best, "\(Self.machines[machine].name), \(truth): \(gain) of \(best)")
    }

    /// Learning what a machine is like costs little, even of one answer on a machine where more rows are dear.
    @Test(arguments: [0.1, 0.3, 0.5])
    func theFirstAnswerHardlyPaysForTheOthers(truth: Double) {
        let seconds = { (rows: Int) in rows == 1 ? 0.033 : 0.033 * (1.7 + 0.13 * Double(rows - 1)) }
        let gains = (UInt64(0)..<20).map { seed in
            var control = SpeculationControl(proposalsMax: 32)
            let world = World(seconds: seconds, truth: truth, coverage: 0.6)
            return run(world, steps: 150, seed: seed, &control).gain
        }
        #expect(gains.reduce(0, +) / 20 > 0.98, "\(truth): \(gains)")
    }

    @Test func turnsItselfOffUnderLoad() {
        // Up to eight rows cost little, more cost their arithmetic.
        let seconds = { (rows: Int) in 0.04 + 0.01 * Double(max(0, rows - 8)) }
        for (sequences, wants) in [(1, true), (2, true), (16, false)] {
            var control = SpeculationControl(proposalsMax: 32)
            let world = World(seconds: seconds, truth: 0.6, sequences: sequences)
            let (gain, share) = run(world, steps: 2000, seed: 3, &control)
            #expect(wants ? gain > 1.2 : gain > 0.97 && share < 0.1, "\(sequences): \(gain), \(share)")
        }
    }

    @Test func followsAChangeOfTheTextAndOfTheMachine() {
        var control = SpeculationControl(proposalsMax: 32)
        let quick = { @Sendable (rows: Int) in 0.04 * (1 + 0.08 * Double(rows - 1)) }
        for (truth, wants) in [(0.95, true), (0.05, false), (0.9, true), (0.02, false)] {
            let (gain, _) = run(World(seconds: quick, truth: truth), seed: 5, &control)
            #expect(wants ? gain > 1.5 : gain > 0.97, "\(truth): \(gain)")
        }
        let slow = run(World(seconds: { 0.04 * Double($0) }, truth: 0.9), seed: 6, &control)
        #expect(slow.gain > 0.95, "\(slow)")
        let again = run(World(seconds: quick, truth: 0.95), steps: 12_000, seed: 7, &control)
        #expect(again.gain > 1.5, "\(again)")
    }

    @Test func theBestProposalsOfAllGoFirst() {
        let control = SpeculationControl(proposalsMax: 3)
        let choice = control.choose([[0.9, 0.9, 0.1], [0.2], [], [0.95]], sequences: 4)
        #expect(choice.counts == [2, 0, 0, 1] && choice.total == 3)
        #expect(control.choose([[0.01], []], sequences: 2).total == 0)
        #expect(control.choose([], sequences: 1) == .init(counts: [], tokensPerStep: 1))
    }

    @Test func aDraftIsWrittenWhenItPays() {
        var control = SpeculationControl(proposalsMax: 32)
        for step in 0..<40 {
            let proposals = step % 2 * 4
            control.record(
                sequences: 1, proposals: proposals, tokens: 1 + proposals, seconds: proposals > 0 ? 0.048 : 0.04)
            control.recordPass(sequences: 1, seconds: 0.01)
        }
        #expect(abs(control.draftPassCost(sequences: 1, drafting: 1) - 0.25) < 0.01)
        let good = control.plan([[]], drafting: [0: 0.9], passesMax: 8)
        #expect(good.passes >= 3 && good.tokensPerStep > 1.4)
        #expect(control.plan([[]], drafting: [0: 0.2], passesMax: 8).passes == 0)
        // A sure passage is better than any draft.
        #expect(control.plan([Array(repeating: 0.98, count: 12)], drafting: [0: 0.9], passesMax: 8).passes == 0)
        #expect(control.wantsMore([[0.9]], active: [0: 0.9], spent: 0.25))
        #expect(!control.wantsMore([[0.9, 0.2]], active: [0: 0.9], spent: 0.5))
    }

    @Test func aLongTextIsReadForALongAnswerOnly() {
        var control = SpeculationControl(proposalsMax: 32)
        control.record(sequences: 1, proposals: 0, tokens: 1, seconds: 0.04)
        control.recordReading(tokens: 100, seconds: 0.1, sequences: 1)
        let worth = { (backlog: Int, generated: Int, most: Int, gain: Double) in
            control.isWorthReading(
                backlog: backlog, gain: gain, generated: generated, tokensMax: most, sequences: 1)
        }
        #expect(worth(100, 10, 500, 0.3))
        #expect(!worth(4000, 10, 500, 0.3))
        #expect(worth(4000, 800, 1000, 0.3))
        #expect(!worth(1000, 10, 5, 0.3))
        #expect(!worth(1000, 10, 500, 0))
    }

    /// A draft model that is always wrong may be tried, from the credit only.
    @Test func draftsThatFailCostLittle() {
        var control = SpeculationControl(proposalsMax: 32)
        var request = RequestAcceptance()
        var (time, tokens, tried) = (0.0, 0, 0)
        for _ in 0..<6000 {
            let rate = request.rate(of: .draft, control.rates)
            let plan = control.plan([[]], drafting: [0: rate], passesMax: 8)
            let drafts = plan.passes > 0 || control.canTryDraft
            if drafts {
                control.recordPass(sequences: 1, seconds: 0.016)
                request.record(.draft(probability: 0.5), isAccepted: false, in: &control.rates)
                tried += 1
            }
            let step = drafts ? 0.048 : 0.04
            control.record(
                sequences: 1, proposals: drafts ? 1 : 0, tokens: 1, seconds: step, draftSeconds: drafts ? 0.016 : 0)
            time += step + (drafts ? 0.016 : 0)
            tokens += 1
        }
        #expect(Double(tokens) * 0.04 / time > 0.97 && tried > 20, "\(tried) tries")
    }
}
