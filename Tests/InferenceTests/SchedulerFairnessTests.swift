import Inference
import Testing

@Suite struct SchedulerFairnessTests {
    private func limits(_ change: (inout SchedulerLimits) -> Void = { _ in }) -> SchedulerLimits {
        var limits = SchedulerLimits(pages: 2000, sequencesMax: 4, queueMax: 64, queueSecondsMax: 1e6)
        change(&limits)
        return limits
    }

    private func arrival(
        _ owner: String, _ machine: inout SimulatedMachine, tokens: Int = 100, answer: Int = 50, priority: Int = 0
    ) -> SimulatedMachine.Arrival {
        SimulatedMachine.Arrival(
            owner: owner, prompt: machine.prompt(tokens), answer: answer, answerTokensMax: 200, priority: priority)
    }

    @Test func oneRequestDoesNotWaitForFifty() {
        var machine = SimulatedMachine(limits(), seed: 1)
        for _ in 0..<50 { machine.arrive(arrival("many", &machine)) }
        machine.run(until: 3)
        let one = machine.arrive(arrival("one", &machine))
        machine.run()
        let wait = (machine.records[one]?.placedAt ?? .infinity) - 3
        #expect(wait < 0.5, "waited \(wait) s of \(machine.now)")
        #expect(machine.records.values.allSatisfy { $0.tokenTimes.count == 50 })
    }

    @Test func withOnePlaceOwnersTakeTurns() {
        var machine = SimulatedMachine(limits { $0.sequencesMax = 1 }, seed: 2)
        for owner in ["a", "a", "a", "b", "b", "b"] { machine.arrive(arrival(owner, &machine)) }
        machine.run()
        let order = machine.records.values.sorted { ($0.placedAt ?? 0) < ($1.placedAt ?? 0) }.map(\.arrival.owner)
        #expect(order == ["a", "b", "a", "b", "a", "b"] || order == ["a", "b", "b", "a", "a", "b"], "\(order)")
    }

    @Test func withinAnOwnerLowerNumbersGoFirst() {
        var machine = SimulatedMachine(limits { $0.sequencesMax = 1 }, seed: 3)
        let ids = [0, 5, 1, -1].map { machine.arrive(arrival("a", &machine, priority: $0)) }
        machine.run()
        let order = ids.sorted { (machine.records[$0]?.placedAt ?? 0) < (machine.records[$1]?.placedAt ?? 0) }
        #expect(order == [ids[3], ids[0], ids[2], ids[1]])
    }

    @Test func lowPrioritiesAgeAndHaveTheirTurn() {
        var machine = SimulatedMachine(limits { $0.sequencesMax = 1 }, seed: 4)
        machine.arrive(arrival("a", &machine))
        let low = machine.arrive(arrival("a", &machine, priority: 2))
        // More than the machine can do, for a minute.
        for second in 0..<60 {
            machine.run(until: Double(second))
            for _ in 0..<2 { machine.arrive(arrival("a", &machine)) }
        }
        machine.run()
        let wait = machine.records[low]?.placedAt ?? .infinity
        // Two levels are twenty seconds, and those that came meanwhile go first.
        #expect(wait > 20 && wait < 60, "\(wait)")
    }

    @Test func betweenOwnersPriorityCountsNothing() {
        var machine = SimulatedMachine(limits { $0.sequencesMax = 1 }, seed: 5)
        for _ in 0..<10 { machine.arrive(arrival("pushy", &machine, priority: -100)) }
        for _ in 0..<10 { machine.arrive(arrival("modest", &machine, priority: 100)) }
        machine.run(until: 5)
        let (pushy, modest) = (machine.served["pushy"] ?? 0, machine.served["modest"] ?? 0)
        #expect(abs(pushy - modest) < 1, "\(pushy) \(modest)")
    }

    @Test func anUrgentOneTakesThePlaceOfItsOwnersLast() throws {
        var machine = SimulatedMachine(limits { $0.sequencesMax = 2 }, seed: 6)
        for _ in 0..<6 { machine.arrive(arrival("a", &machine, answer: 200, priority: 1)) }
        machine.run(until: 1)
        let urgent = machine.arrive(arrival("a", &machine, priority: 0))
        machine.compute(steps: 1)
        #expect(machine.scheduler.running.contains(urgent) && machine.scheduler.running.contains(1))
        #expect(machine.scheduler.preemptions == 1 && machine.scheduler.waiting.contains(2))
        machine.run()
        #expect(machine.records.values.allSatisfy { $0.tokenTimes.count == $0.arrival.answer })
        #expect(machine.scheduler.recomputedTokens <= 32)
    }

    @Test func aLargePromptNeitherBlocksNorStarves() {
        var machine = SimulatedMachine(
            limits {
                $0.pages = 40
                $0.sequencesMax = 8
            }, seed: 7)
        for _ in 0..<2 { machine.arrive(arrival("a", &machine, tokens: 300, answer: 150)) }
        machine.compute(steps: 1)
        let large = machine.arrive(arrival("a", &machine, tokens: 900, answer: 5))
        let small = machine.arrive(arrival("a", &machine, tokens: 40, answer: 5))
        machine.compute(steps: 1)
        #expect(machine.scheduler.running.contains(small) && machine.scheduler.waiting == [large])
        for _ in 0..<200 {
            if machine.scheduler.waiting.count < 5 { machine.arrive(arrival("a", &machine, tokens: 40, answer: 5)) }
            machine.compute(steps: 1)
        }
        let placed = machine.records[large]?.placedAt
        let others = machine.records.values.count { $0.placedAt ?? .infinity < placed ?? 0 }
        #expect(placed != nil && others <= 3 + 16 + 1, "\(others) went before")
    }

    @Test func aFullQueueMakesRoomForWhoHasLessInIt() throws {
        var machine = SimulatedMachine(
            limits {
                $0.sequencesMax = 1
                $0.queueMax = 6
            }, seed: 8)
        var many: [SequenceID] = []
        machine.arrive(arrival("a", &machine))
        machine.compute(steps: 1)
        for _ in 0..<7 { many.append(machine.arrive(arrival("a", &machine))) }
        #expect(machine.records[many[6]]?.isRefused == true)
        let few = (0..<4).map { _ in machine.arrive(arrival("b", &machine)) }
        machine.compute(steps: 1)
        // Three each, and the fourth has no more right than who is there.
        #expect(few.map { machine.records[$0]?.isRefused } == [false, false, false, true])
        #expect(many.map { machine.records[$0]?.isRefused } == [false, false, false, true, true, true, true])
        machine.run()
        #expect(machine.records.values.allSatisfy { $0.isRefused || $0.tokenTimes.count == 50 })
    }
}
