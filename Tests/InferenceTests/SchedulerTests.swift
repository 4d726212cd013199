import Inference
import Kernels
import Testing

@Suite struct SchedulerTests {
    private func scheduler(_ change: (inout SchedulerLimits) -> Void = { _ in }) -> Scheduler {
        var limits = SchedulerLimits(pages: 200)
        limits.prefillTokensMax = 64
        change(&limits)
        return Scheduler(limits)
    }

    private func sequence(
        _ id: SequenceID, tokens: Int, answer: Int = 10, seed: Int32? = nil, at time: Double = 0
    ) -> ScheduledSequence {
        let first = seed ?? Int32(id) * 1000
        return ScheduledSequence(
            id: id, prompt: (0..<Int32(tokens)).map { first + $0 }, answerTokensMax: answer, submittedAt: time)
    }

    private func tokens(_ step: Step) -> [SequenceID: Int] {
        Dictionary(uniqueKeysWithValues: step.runs.map { ($0.sequence, $0.tokens.count) })
    }

    /// Commits a step and gives everybody who is done with the prompt a token.
    private func advance(_ scheduler: inout Scheduler, _ step: Step, seconds: Double = 0.1) {
        scheduler.commit(step, seconds: seconds)
        for run in step.runs where run.wants == .lastLogits { scheduler.append([1], to: run.sequence) }
    }

    @Test func aPromptComesInChunks() throws {
        var scheduler = scheduler()
        try scheduler.submit(sequence(1, tokens: 150))
        for (tokens, wants) in [(64, Step.Wants.nothing), (64, .nothing), (22, .lastLogits), (1, .lastLogits)] {
            let step = scheduler.plan()
            #expect(step.runs.map(\.tokens.count) == [tokens] && step.runs.map(\.wants) == [wants])
            advance(&scheduler, step)
        }
    }

    @Test func aShortPromptDoesNotWaitForALongOne() throws {
        var scheduler = scheduler()
        try scheduler.submit(sequence(1, tokens: 1000))
        try scheduler.submit(sequence(2, tokens: 30))
        #expect(tokens(scheduler.plan()) == [1: 34, 2: 30])
    }

    @Test func equalPromptsAreDoneOneAfterAnother() throws {
        var scheduler = scheduler()
        for id in SequenceID(1)...4 { try scheduler.submit(sequence(id, tokens: 50)) }
        #expect(tokens(scheduler.plan()) == [1: 50, 2: 14])
    }

    @Test func theOldestAlwaysGetsHalf() throws {
        var scheduler = scheduler()
        try scheduler.submit(sequence(1, tokens: 500))
        for id in SequenceID(2)...10 { try scheduler.submit(sequence(id, tokens: 20)) }
        let step = tokens(scheduler.plan())
        #expect(step[1] == 32 && step.values.reduce(0, +) == 64)
    }

    @Test func answersGoOnBesidePrompts() throws {
        var scheduler = scheduler { $0.prefillTokensMax = 512 }
        try scheduler.submit(sequence(1, tokens: 100))
        // 1000 tokens a second, and 0.4 seconds between tokens at most.
        advance(&scheduler, scheduler.plan(), seconds: 0.1)
        try scheduler.submit(sequence(2, tokens: 2000))
        let step = scheduler.plan()
        #expect(tokens(step) == [1: 1, 2: 400])
        #expect(step.decodeTokens == 1 && step.prefillTokens == 400)
    }

    @Test func aSharedPrefixIsWaitedFor() throws {
        var scheduler = scheduler()
        for id in SequenceID(1)...3 { try scheduler.submit(sequence(id, tokens: 100, seed: 5)) }
        let first = scheduler.plan()
        #expect(tokens(first) == [1: 64] && first.starts.map(\.sequence) == [1])
        advance(&scheduler, first)
        let second = scheduler.plan()
        #expect(tokens(second) == [1: 36])
        advance(&scheduler, second)
        let third = scheduler.plan()
        #expect(tokens(third) == [1: 1, 2: 1, 3: 1])
        #expect(third.starts.map(\.cachedTokens) == [99, 99] && third.copies.count == 2)
    }

    @Test func whoWaitsTakesOver() throws {
        var scheduler = scheduler()
        for id in SequenceID(1)...3 { try scheduler.submit(sequence(id, tokens: 100, seed: 5)) }
        advance(&scheduler, scheduler.plan())
        scheduler.remove(1)
        let step = scheduler.plan()
        #expect(tokens(step) == [2: 36] && step.starts.map(\.cachedTokens) == [64])
    }

    @Test func theQueueHasAnEnd() throws {
        var scheduler = scheduler {
            $0.sequencesMax = 1
            $0.queueMax = 2
        }
        try scheduler.submit(sequence(1, tokens: 64, answer: 100))
        advance(&scheduler, scheduler.plan(), seconds: 0.64)
        for id in SequenceID(2)...3 { try scheduler.submit(sequence(id, tokens: 1000, answer: 100)) }
        // 2000 tokens at 100 a second, and 300 of answers, each taken for four of a prompt: half of that.
        #expect(throws: EngineError.overloaded(retryAfterSeconds: 17)) {
            try scheduler.submit(sequence(4, tokens: 10))
        }
        #expect(throws: Never.self) { try scheduler.submit(sequence(5, tokens: 10), isContinuation: true) }
        scheduler.remove(2)
        scheduler.remove(5)
        #expect(throws: Never.self) { try scheduler.submit(sequence(6, tokens: 10)) }
    }

    @Test func aHopelessWaitIsRefusedAtOnce() throws {
        var scheduler = scheduler {
            $0.sequencesMax = 1
            $0.queueSecondsMax = 5
        }
        try scheduler.submit(sequence(1, tokens: 64, answer: 100))
        advance(&scheduler, scheduler.plan(), seconds: 0.64)
        try scheduler.submit(sequence(2, tokens: 2000, answer: 100))
        #expect(scheduler.expectedWaitSeconds(for: sequence(3, tokens: 10)).map { $0 > 5 } == true)
        #expect(throws: EngineError.self) { try scheduler.submit(sequence(3, tokens: 10)) }
    }

    @Test func whoWaitsTooLongIsLetGo() throws {
        var scheduler = scheduler {
            $0.sequencesMax = 1
            $0.queueSecondsMax = 5
        }
        try scheduler.submit(sequence(1, tokens: 10, at: 0))
        try scheduler.submit(sequence(2, tokens: 10, at: 1))
        _ = scheduler.plan()
        #expect(scheduler.expire(now: 6).isEmpty)
        #expect(scheduler.expire(now: 6.1).map(\.id) == [2])
        #expect(scheduler.running == [1] && scheduler.waiting.isEmpty)
    }

    @Test func theYoungestGivesWay() throws {
        var scheduler = scheduler { $0.pages = 8 }
        try scheduler.submit(sequence(1, tokens: 95, answer: 100))
        try scheduler.submit(sequence(2, tokens: 63, answer: 100))
        for _ in 0..<60 where scheduler.preemptions == 0 { advance(&scheduler, scheduler.plan()) }
        #expect(scheduler.preemptions == 1 && scheduler.running == [1] && scheduler.waiting == [2])
        let kept = scheduler.sequences[2]?.tokens.count ?? 0
        #expect(kept > 63)
        scheduler.remove(1)
        let step = scheduler.plan()
        #expect(step.runs.map(\.sequence) == [2] && step.starts.isEmpty)
        #expect(scheduler.recomputedTokens <= KVStorage.pageTokens)
    }
}
