import Inference
import Testing

/// Random days of a server with a clock: waits, shares and gaps, beside what the scheduler promises.
@Suite struct FairnessSimulationTests {
    /// Whoever has a request in the queue all the time is served as much as anyone else, but for what is under way: the
    /// places, full of the dearest requests there are, twice (that of the one and that of the other).
    @Test(arguments: 0..<4)
    func backloggedOwnersAreServedEvenly(batch: Int) {
        var enough = 0
        for number in 0..<4 {
            let seed = UInt64(batch * 100 + number)
            var machine = machine(seed: seed)
            let owners = ["a", "b", "c"].prefix(Int.random(in: 2...3, using: &machine.random))
            let places = machine.scheduler.limits.sequencesMax
            // Some bring long prompts, some long answers, one brings twice as many at a time.
            let shapes = owners.map { _ in
                (Int.random(in: 10...400, using: &machine.random), Int.random(in: 1...80, using: &machine.random))
            }
            var (checkpoint, start): ([Double], Double) = ([], 0)
            // An answer's token alone in its step pays for the weights.
            let dearest =
                400 * machine.prefillTokenSeconds + 80 * (machine.answerSeconds + machine.weightsSeconds)
            let bound = 2 * dearest * Double(places)
            for step in 0..<1500 {
                for (owner, shape) in zip(owners, shapes) where queued(owner, machine.scheduler) <= places {
                    for _ in 0..<(owner == "a" ? 2 : 1) * places {
                        machine.arrive(
                            .init(
                                owner: owner, prompt: machine.prompt(shape.0), answer: shape.1, answerTokensMax: 100))
                    }
                }
                machine.compute(steps: 1)
                let served = owners.map { machine.scheduler.share.served($0) }
                if step == 300 { (checkpoint, start) = (served, machine.now) }
                guard step > 300 else { continue }
                let since = zip(served, checkpoint).map { $0 - $1 }
                let gap = (since.max() ?? 0) - (since.min() ?? 0)
                guard gap <= bound else {
                    Issue.record("seed \(seed), step \(step): \(since) differ by \(gap), more than \(bound)")
                    break
                }
            }
            let since = zip(owners, checkpoint).map { machine.scheduler.share.served($0) - $1 }
            let total = since.reduce(0, +)
            #expect(abs(total - (machine.now - start)) < 0.01 * total, "seed \(seed): time that nobody was charged")
            enough += total > 3 * bound ? 1 : 0
        }
        #expect(enough >= 1, "little service beside the bounds proves nothing")
    }

    /// Any request is served within what the machine does for all that were there before it, and a fair share besides.
    @Test(arguments: 0..<4)
    func nobodyStarves(batch: Int) {
        var preemptions = 0
        for number in 0..<4 {
            let seed = UInt64(1000 + batch * 100 + number)
            var machine = machine(seed: seed, isSmall: number % 2 == 0)
            var pending = Int.random(in: 40...120, using: &machine.random)
            while pending > 0 || !machine.scheduler.isIdle {
                if pending > 0, Int.random(in: 0..<6, using: &machine.random) == 0 {
                    let burst = min(pending, Int.random(in: 1...15, using: &machine.random))
                    for _ in 0..<burst { machine.arrive(randomArrival(&machine)) }
                    pending -= burst
                }
                if !machine.step() {
                    #expect(machine.scheduler.isIdle, "seed \(seed): nothing to do, and somebody waits")
                    machine.now += 0.5
                }
            }
            preemptions += machine.scheduler.preemptions
            checkEnds(machine, seed)
            checkWaits(machine, seed)
        }
        #expect(preemptions > 0)
    }

    /// Beside answers a step takes no longer than it may, once the rates are known.
    @Test(arguments: [0.05, 0.2, 0.5])
    func answersKeepFlowing(gap: Double) {
        for seed in UInt64(0)..<8 {
            var limits = SchedulerLimits(pages: 3000, sequencesMax: 8, queueMax: 100, queueSecondsMax: 1e6)
            limits.tokenGapSecondsMax = gap
            var machine = SimulatedMachine(limits, seed: 2000 + seed, answerSeconds: 0.002)
            for _ in 0..<60 {
                machine.arrive(
                    .init(
                        owner: "a", prompt: machine.prompt(Int.random(in: 10...1500, using: &machine.random)),
                        answer: Int.random(in: 5...60, using: &machine.random), answerTokensMax: 100))
            }
            machine.run()
            let beside = machine.stepTimes.dropFirst(20).filter { $0.decodes > 0 && $0.prefill > 0 }
            let late = beside.filter { $0.seconds > 1.25 * max(gap, 0.06) }
            #expect(beside.count > 30)
            #expect(late.count * 50 <= beside.count, "seed \(2000 + seed): \(late.prefix(5)) of \(beside.count)")
        }
    }

    // MARK: Pieces

    private func machine(seed: UInt64, isSmall: Bool = false) -> SimulatedMachine {
        var random = RandomSource(seed: seed &+ 7)
        let limits = SchedulerLimits(
            pages: isSmall ? Int.random(in: 20...60, using: &random) : 4000,
            sequencesMax: Int.random(in: 1...8, using: &random), queueMax: 400, queueSecondsMax: 1e9,
            prefillTokensMax: [32, 128, 512].randomElement(using: &random) ?? 128)
        return SimulatedMachine(limits, seed: seed, noise: 0.3)
    }

    private func queued(_ owner: String, _ scheduler: Scheduler) -> Int {
        scheduler.waiting.count { scheduler.sequences[$0]?.owner == owner }
    }

    private func randomArrival(_ machine: inout SimulatedMachine) -> SimulatedMachine.Arrival {
        let owner = ["heavy", "heavy", "heavy", "light", "other"].randomElement(using: &machine.random) ?? ""
        let shares = Bool.random(using: &machine.random)
        let tokens = Int.random(in: 5...450, using: &machine.random)
        let prefix = Int32.random(in: 0..<3, using: &machine.random)
        let prompt = machine.prompt(tokens, sharing: shares ? prefix : nil, min(tokens - 1, 200))
        let isImpatient = Int.random(in: 0..<8, using: &machine.random) == 0
        return SimulatedMachine.Arrival(
            owner: owner, prompt: prompt, answer: Int.random(in: 1...60, using: &machine.random), answerTokensMax: 80,
            priority: Int.random(in: -1...1, using: &machine.random),
            leavesAt: isImpatient ? machine.now + Double.random(in: 0...5, using: &machine.random) : .infinity)
    }

    /// Every request ends once, with all its tokens, each computed once unless memory was short.
    private func checkEnds(_ machine: SimulatedMachine, _ seed: UInt64) {
        for (id, record) in machine.records {
            #expect(record.endedAt != nil, "seed \(seed): request \(id) is lost")
            guard record.leavesAtEnd == false, !record.isRefused else { continue }
            #expect(record.tokenTimes.count == record.arrival.answer, "seed \(seed): request \(id)")
            let most = record.arrival.prompt.count + record.arrival.answer - 1
            if machine.scheduler.preemptions == 0 {
                #expect((machine.computed[id] ?? 0) <= most, "seed \(seed): request \(id) is computed twice")
            }
        }
        let scheduler = machine.scheduler
        #expect(scheduler.pool.free + scheduler.tree.unusedPages == scheduler.pool.count, "seed \(seed): lost pages")
    }

    /// Between arrival and place lies no more work than that of everybody who was there, of the owner's own requests
    /// that priority lets pass, and as much again for the others' turns.
    private func checkWaits(_ machine: SimulatedMachine, _ seed: UInt64) {
        func cost(_ record: SimulatedMachine.Record) -> Double {
            let arrival = record.arrival
            return machine.weightsSeconds * Double(arrival.answer)
                + machine.prefillTokenSeconds * Double(arrival.prompt.count)
                + (machine.answerSeconds + machine.weightsSeconds) * Double(arrival.answer)
        }
        let slack = 1.3 * Double(machine.scheduler.limits.sequencesMax + 16) * 1.9
        for (id, record) in machine.records {
            guard !record.isRefused, let placed = record.placedAt else { continue }
            let own = machine.records.values.filter { other in
                other.arrival.owner == record.arrival.owner && (other.endedAt ?? .infinity) > record.submittedAt
                    && other.submittedAt < record.submittedAt + 20.1
            }
            // Three owners: each of the others is served as much as this one meanwhile.
            let bound = 3 * 1.3 * own.reduce(0) { $0 + cost($1) } + slack
            let wait = placed - record.submittedAt
            #expect(wait <= bound, "seed \(seed): request \(id) waited \(wait) s, more than \(bound)")
        }
    }
}

extension SimulatedMachine.Record {
    /// The reader went away before the end.
    fileprivate var leavesAtEnd: Bool { arrival.leavesAt <= (endedAt ?? .infinity) }
}
