import Testing
import Training

@Suite struct ScheduleTests {
    @Test func warmsUpStaysAndDecays() {
        let schedule = Schedule(
            kind: .warmupStableDecay, peak: 1, steps: 100, warmup: 10, decayFrom: 80, floor: 0.1)
        #expect(schedule.learningRate(step: 0) == 0.1)
        #expect(schedule.learningRate(step: 9) == 1)
        #expect((10..<80).allSatisfy { schedule.learningRate(step: $0) == 1 })
        #expect(schedule.learningRate(step: 80) < 1)
        #expect(abs(schedule.learningRate(step: 99) - 0.1) < 1e-12)
        #expect(schedule.learningRate(step: 500) == schedule.learningRate(step: 99))
        #expect(!schedule.hasBegunToDecay(step: 80) && schedule.hasBegunToDecay(step: 81))
    }

    @Test func cosineFallsToItsFloor() {
        let schedule = Schedule(kind: .cosine, peak: 2, steps: 100, warmup: 10, floor: 0.05)
        let rates = (10..<100).map { schedule.learningRate(step: $0) }
        #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
        #expect(abs(rates[44] - 2 * (0.05 + 0.95 / 2)) < 1e-9)
        #expect(abs((rates.last ?? 0) - 0.1) < 1e-12)
    }

    @Test func whatIsNotGivenFollowsFromTheSteps() {
        let schedule = Schedule(kind: .warmupStableDecay, peak: 1, steps: 1000)
        #expect(schedule.warmup == 20 && schedule.decayFrom == 800 && schedule.decaySteps == 200)
        let noDecay = Schedule(kind: .warmupStableDecay, peak: 1, steps: 1000, decaySteps: 0)
        #expect(noDecay.learningRate(step: 999) == 1 && !noDecay.hasBegunToDecay(step: 1000))
        let told = Schedule(kind: .warmupStableDecay, peak: 1, steps: 1000, decayFrom: 100, decaySteps: 50)
        #expect(told.learningRate(step: 149) == Schedule.floorShare)
    }

    @Test(arguments: [1, 2, 3, 10]) func shortRunsLearn(steps: Int) {
        for kind in Schedule.Kind.allCases {
            let schedule = Schedule(kind: kind, peak: 1, steps: steps)
            for step in 0..<steps { #expect(schedule.learningRate(step: step) > 0, "\(kind) \(step)") }
        }
    }
}
