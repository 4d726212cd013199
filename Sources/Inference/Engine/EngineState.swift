/// The queue, the requests and the counters: everything behind the engine's lock.
struct EngineState {
    private(set) var scheduler: Scheduler
    private var requests: [SequenceID: ActiveRequest] = [:]
    private var statistics = EngineStatistics()
    private var lastID: SequenceID = 0
    /// When the last token of each answer came.
    private var tokenTimes: [SequenceID: Double] = [:]
    /// nil while requests are accepted; then when the unfinished ones are cancelled.
    private var deadline: Double?
    /// Calls that will bring more requests.
    var openCalls = 0
    var waiters: [CheckedContinuation<Void, Never>] = []
    /// What the draft model took so far.
    var draft = DraftUsage()
    /// The engine's thread leaves, or has left.
    private(set) var hasEnded = false

    init(_ limits: SchedulerLimits) {
        scheduler = Scheduler(limits)
        statistics.cachePagesTotal = limits.pages
    }

    mutating func accept(
        _ purpose: ScheduledSequence.Purpose, isContinuation: Bool, _ make: (SequenceID) -> ActiveRequest
    ) throws(EngineError) -> SequenceID {
        guard deadline == nil || (isContinuation && !hasEnded) else { throw .draining }
        let request = make(lastID + 1)
        do {
            try scheduler.submit(
                ScheduledSequence(
                    id: request.id, owner: request.request.owner, adapters: request.request.adapters, purpose: purpose,
                    prompt: request.request.prompt, answerTokensMax: request.tokensMax,
                    priority: request.request.priority,
                    submittedAt: request.submittedAt),
                isContinuation: isContinuation)
        } catch {
            statistics.overloaded += 1
            throw error
        }
        lastID = request.id
        requests[request.id] = request
        return request.id
    }

    // MARK: Endings

    /// Takes a request out, in whatever state it is; nil when it is gone already.
    mutating func end(_ id: SequenceID, _ reason: FinishReason) -> ActiveRequest? {
        guard let request = requests.removeValue(forKey: id) else { return nil }
        scheduler.remove(id)
        tokenTimes[id] = nil
        switch reason {
        case .stop: statistics.finishedByStop += 1
        case .length: statistics.finishedByLength += 1
        case .cancelled: statistics.finishedByCancellation += 1
        case .overloaded: statistics.overloaded += 1
        case .failed: statistics.failed += 1
        }
        return request
    }

    /// Those that waited too long, and all when the time for draining is over.
    mutating func endLate(now: Double) -> [(ActiveRequest, FinishReason)] {
        var endings: [(ActiveRequest, FinishReason)] = []
        for (id, seconds) in scheduler.expire(now: now) {
            let reason = FinishReason.overloaded(retryAfterSeconds: seconds)
            if let request = end(id, reason) { endings.append((request, reason)) }
        }
        if let deadline, now >= deadline {
            for id in requests.keys.sorted() {
                if let request = end(id, .cancelled) { endings.append((request, .cancelled)) }
            }
            openCalls = 0
        }
        return endings
    }

    mutating func drain(until deadline: Double) { self.deadline = min(deadline, self.deadline ?? .infinity) }

    /// Whether it is shut down and nothing is left to do. From then on nothing is accepted.
    mutating func endIfOver() -> Bool {
        hasEnded = deadline != nil && requests.isEmpty && openCalls <= 0
        return hasEnded
    }

    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        defer { waiters = [] }
        return waiters
    }

    // MARK: Steps

    mutating func plan() -> (Step, [SequenceID: ActiveRequest]) {
        let step = scheduler.plan()
        assert(scheduler.isIdle || !step.runs.isEmpty, "requests wait for each other")
        for start in step.starts {
            statistics.promptTokens += start.promptTokens
            statistics.cachedTokens += start.cachedTokens
        }
        return (step, requests)
    }

    /// - Returns: what to report to the requests that are still there.
    mutating func commit(
        _ step: Step, _ outcomes: [StepOutcome], from start: Double, to end: Double
    ) -> [(ActiveRequest, StepOutcome)] {
        scheduler.commit(
            step, seconds: end - start, generated: outcomes.reduce(0) { $0 + $1.tokens.count })
        statistics.steps += 1
        count(proposalsOf: step, outcomes)
        if step.prefillTokens > 0 {
            statistics.prefillSeconds += end - start
        } else {
            statistics.decodeSeconds += end - start
        }
        return outcomes.compactMap { outcome in
            guard let request = requests[outcome.id] else { return nil }
            scheduler.append(outcome.tokens, to: outcome.id)
            for _ in outcome.tokens { count(tokenOf: request, at: end) }
            if outcome.embedding != nil { statistics.embeddings += 1 }
            if let reason = outcome.end { _ = self.end(outcome.id, reason) }
            return (request, outcome)
        }
    }

    private mutating func count(tokenOf request: ActiveRequest, at time: Double) {
        statistics.generatedTokens += 1
        if let last = tokenTimes[request.id] {
            statistics.tokenGapSeconds.record(time - last)
        } else {
            statistics.firstTokenSeconds.record(time - request.submittedAt)
        }
        tokenTimes[request.id] = time
    }

    /// Adds the proposals that the engine has for a planned step.
    mutating func propose(_ proposals: [SequenceID: [Int32]], in step: Step) -> Step {
        var step = step
        scheduler.propose(proposals, in: &step)
        return step
    }

    private mutating func count(proposalsOf step: Step, _ outcomes: [StepOutcome]) {
        let proposed = step.proposals
        guard proposed > 0 else { return }
        statistics.proposedTokens += proposed
        statistics.acceptedTokens += outcomes.reduce(0) { $0 + $1.accepted }
        statistics.speculativeSteps += 1
    }

    var queue: QueueState {
        let most = scheduler.limits.sequencesMax + scheduler.limits.queueMax
        return QueueState(
            requestsMax: most, requestsFree: max(0, most - scheduler.sequences.count),
            backlogSeconds: scheduler.backlogSeconds())
    }

    var snapshot: EngineStatistics {
        var statistics = statistics
        statistics.running = scheduler.running.count
        statistics.draftSeconds = draft.seconds
        statistics.draftPagesUsed = draft.pagesUsed
        statistics.draftPagesTotal = draft.pagesTotal
        statistics.waiting = scheduler.waiting.count
        statistics.preemptions = scheduler.preemptions
        statistics.recomputedTokens = scheduler.recomputedTokens
        statistics.cachePagesUsed = scheduler.pool.count - scheduler.pool.free
        return statistics
    }
}
