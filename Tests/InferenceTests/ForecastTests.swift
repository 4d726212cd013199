import Inference
import Testing

/// What a newcomer is told, beside what happens when nobody else comes.
@Suite struct ForecastTests {
    @Test func anEmptyMachineHasNoWait() {
        let machine = SimulatedMachine(SchedulerLimits(pages: 100), seed: 1)
        let newcomer = ScheduledSequence(id: 1, prompt: [1], answerTokensMax: 5)
        #expect(machine.scheduler.expectedWaitSeconds(for: newcomer) == 0)
        #expect(machine.scheduler.backlogSeconds() == 0)
    }

    @Test func nothingIsToldBeforeAnythingIsMeasured() {
        var machine = SimulatedMachine(SchedulerLimits(pages: 100, sequencesMax: 1), seed: 1)
        for _ in 0..<2 {
            machine.arrive(.init(owner: "a", prompt: machine.prompt(50), answer: 5, answerTokensMax: 5))
        }
        #expect(machine.records[2].map { $0.expectedWait == nil } == true)
        #expect(machine.scheduler.backlogSeconds() == nil)
    }

    /// Nine in ten within a factor of two, whoever asks.
    @Test(arguments: [1, 4, 16])
    func tellsTheTruth(places: Int) {
        var ratios: [Double] = []
        for seed in UInt64(0)..<60 {
            var machine = busyMachine(places: places, seed: seed)
            // The newest of all is the one that nobody follows.
            let owner = ["a", "b", "new"][Int(seed % 3)]
            let prompt = machine.prompt(Int.random(in: 20...300, using: &machine.random))
            let id = machine.arrive(.init(owner: owner, prompt: prompt, answer: 30, answerTokensMax: 400))
            guard let record = machine.records[id], !record.isRefused, let expected = record.expectedWait else {
                continue
            }
            machine.run()
            guard let placed = machine.records[id]?.placedAt else { continue }
            // Waits of a step or two are as good as none.
            let actual = placed - record.submittedAt
            if max(actual, expected) > 1 { ratios.append((expected + 0.2) / (actual + 0.2)) }
        }
        ratios.sort()
        let within = ratios.count { $0 >= 0.5 && $0 <= 2 }
        #expect(ratios.count >= 20, "only \(ratios.count) waits")
        #expect(Double(within) >= 0.9 * Double(ratios.count), "\(within) of \(ratios.count): \(ratios)")
    }

    @Test func tellsWhenAllIsDone() {
        var ratios: [Double] = []
        for seed in UInt64(0)..<30 {
            var machine = busyMachine(places: 4, seed: 100 + seed)
            let (expected, start) = (machine.scheduler.backlogSeconds() ?? 0, machine.now)
            machine.run()
            ratios.append(expected / (machine.now - start))
        }
        let within = ratios.count { $0 >= 0.5 && $0 <= 2 }
        #expect(within >= 27, "\(ratios.sorted())")
    }

    @Test func whoeverComesBackWhenToldIsTaken() {
        var (refused, taken) = (0, 0)
        for seed in UInt64(0)..<40 {
            var machine = busyMachine(places: 2, seed: 200 + seed, queueSecondsMax: 8)
            let arrival = SimulatedMachine.Arrival(
                owner: "a", prompt: machine.prompt(50), answer: 20, answerTokensMax: 400)
            let newcomer = ScheduledSequence(
                id: 1_000_000, owner: "a", prompt: arrival.prompt, answerTokensMax: 400, submittedAt: machine.now)
            guard case .overloaded(let seconds)? = refusal(newcomer, by: machine.scheduler) else { continue }
            refused += 1
            machine.run(until: machine.now + 1.1 * Double(seconds) + 0.5)
            let id = machine.arrive(arrival)
            if machine.records[id]?.isRefused == false { taken += 1 }
        }
        #expect(refused >= 10 && Double(taken) >= 0.8 * Double(refused), "\(taken) of \(refused)")
    }

    private func refusal(_ sequence: ScheduledSequence, by scheduler: Scheduler) -> EngineError? {
        var scheduler = scheduler
        do {
            try scheduler.submit(sequence)
            return nil
        } catch {
            return error
        }
    }

    /// Some history to measure, then a queue.
    private func busyMachine(places: Int, seed: UInt64, queueSecondsMax: Double = 1e6) -> SimulatedMachine {
        var limits = SchedulerLimits(pages: 2000, sequencesMax: places, queueMax: 200, queueSecondsMax: 1e6)
        limits.queueSecondsMax = queueSecondsMax
        var machine = SimulatedMachine(limits, seed: seed)
        func arrive() {
            let owner = Int.random(in: 0..<4, using: &machine.random) == 0 ? "b" : "a"
            let tokens = Int.random(in: 20...400, using: &machine.random)
            let answer = Int.random(in: 20...120, using: &machine.random)
            machine.arrive(
                .init(
                    owner: owner, prompt: machine.prompt(tokens), answer: answer, answerTokensMax: 400,
                    priority: Int.random(in: -1...1, using: &machine.random)))
        }
        for _ in 0..<2 * places + 4 { arrive() }
        machine.run()
        for _ in 0..<places + Int.random(in: 1...40, using: &machine.random) {
            arrive()
            machine.compute(steps: Int.random(in: 0...4, using: &machine.random))
        }
        return machine
    }
}
