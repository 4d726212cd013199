import Kernels

/// Decides what every step computes. A pure value: the engine does what `plan` says and reports with `commit`.
///
///     try scheduler.submit(sequence, now: 0)
///     let step = scheduler.plan()             // may be empty: nothing to do
///     …                                       // the model computes step.runs
///     scheduler.commit(step, seconds: 0.02)
///     scheduler.append([token], to: id)       // or remove(id)
///
/// Places go to the owner that has had least of the machine, and within an owner by priority and arrival
/// (`FairShare`, `ScheduledSequence.precedes`). Each step has the next token of every running answer, and pieces of
/// prompts beside them. Whoever needs a prefix that another sequence is computing waits for it. When memory runs out,
/// the last sequence of the owner that has had most gives its pages up and waits for its turn; its prefix stays in the
/// tree as long as it can. The first of all is never preempted, and any one alone fits, so every sequence ends.
package struct Scheduler: Sendable {
    package let limits: SchedulerLimits
    package internal(set) var sequences: [SequenceID: ScheduledSequence] = [:]
    /// In the order of their ids, which is that of their arrival.
    package internal(set) var waiting: [SequenceID] = []
    /// In the order of their admission.
    package internal(set) var running: [SequenceID] = []
    package internal(set) var pool: PagePool
    package internal(set) var tree = PrefixTree()
    package internal(set) var load = LoadEstimate()
    package internal(set) var share = FairShare()
    /// Since the start.
    package private(set) var preemptions = 0
    package private(set) var recomputedTokens = 0
    var admissions = 0
    /// Taken out of the queue to make room, with the seconds after which to come back; `expire` tells.
    var dropped: [(id: SequenceID, retryAfterSeconds: Int)] = []

    package init(_ limits: SchedulerLimits) {
        self.limits = limits
        pool = PagePool(count: limits.pages)
    }

    package var isIdle: Bool { sequences.isEmpty }

    /// Puts a sequence into the queue.
    ///
    /// - Parameter isContinuation: it belongs to a call that was accepted, so the queue's bounds do not apply.
    /// - Throws: `.overloaded` when the queue is full of requests of owners that have no more in it than this one, or
    ///   when the wait would be too long.
    /// - Precondition: the id is above all before it, and the sequence at its longest fits the cache.
    package mutating func submit(
        _ sequence: ScheduledSequence, isContinuation: Bool = false
    ) throws(EngineError) {
        let tokensMax = sequence.promptTokens + sequence.answerTokensMax
        precondition(ScheduledSequence.pages(tokensMax) <= limits.pages, "a sequence larger than the cache")
        precondition(waiting.last.map { $0 < sequence.id } ?? true, "ids rise")
        if !isContinuation {
            if let seconds = retryAfterSeconds(for: sequence) { throw .overloaded(retryAfterSeconds: seconds) }
            if waiting.count >= limits.queueMax, !dropForRoom(sequence.owner) {
                throw .overloaded(retryAfterSeconds: retryAfterSeconds(expired: sequence))
            }
        }
        var sequence = sequence
        sequence.mayBeDropped = !isContinuation
        let known = tree.match(sequence.tokens, pagesMax: sequence.matchablePages, owner: sequence.prefixOwner).count
        sequence.uncachedTokens = sequence.promptTokens - known * KVStorage.pageTokens
        if !waiting.contains(where: { sequences[$0]?.owner == sequence.owner }) {
            share.arrive(sequence.owner, outstanding: outstandingSeconds(of: sequence.owner))
        }
        sequences[sequence.id] = sequence
        waiting.append(sequence.id)
    }

    /// Takes sequences out that have waited too long and were never started; with those that were dropped to make
    /// room, and the seconds after which to come back.
    package mutating func expire(now: Double) -> [(id: SequenceID, retryAfterSeconds: Int)] {
        let late = waiting.compactMap { sequences[$0] }.filter { sequence in
            !sequence.hasStarted && now - sequence.submittedAt > limits.queueSecondsMax
        }
        for sequence in late {
            remove(sequence.id)
            dropped.append((sequence.id, retryAfterSeconds(expired: sequence)))
        }
        defer { dropped = [] }
        return dropped
    }

    /// The next step; empty when nothing is to be done.
    package mutating func plan() -> Step {
        var step = Step()
        // Whoever was just preempted would take back what the older ones need.
        if !growRunning() { admitWaiting() }
        place(into: &step)
        addDecodes(to: &step)
        addPrefill(to: &step)
        return step
    }

    /// Notes that a step was computed; its proposals count only when they are appended. Sequences that were removed
    /// meanwhile are passed over.
    ///
    /// - Parameter generated: tokens that it brought; nil: one for every answer.
    package mutating func commit(_ step: Step, seconds: Double, generated: Int? = nil) {
        // Beside prompts nothing is proposed, and a prompt's first token is the prompt's.
        let decodeTokens = step.prefillTokens > 0 ? step.decodeTokens : generated ?? step.decodeTokens
        load.record(prefillTokens: step.prefillTokens, decodeTokens: decodeTokens, seconds: seconds)
        charge(step, seconds: seconds)
        for run in step.runs {
            guard var sequence = sequences[run.sequence] else { continue }
            sequence.computed = run.firstPosition + run.tokens.count - run.proposals
            sequence.scored = max(sequence.scored, min(sequence.computed, sequence.scoresWanted))
            for place in sequence.path.indices.dropFirst(run.firstPosition / KVStorage.pageTokens) {
                let node = sequence.path[place]
                let end = place * KVStorage.pageTokens + tree[node].tokens.count
                if end <= sequence.computed { tree.markReady(node) }
            }
            sequences[run.sequence] = sequence
        }
    }

    /// Takes a sequence out, in whatever state it is; what it computed stays in the tree.
    package mutating func remove(_ id: SequenceID) {
        guard var sequence = sequences.removeValue(forKey: id) else { return }
        load.recordEnd(generated: sequence.generated)
        waiting.removeAll { $0 == id }
        if running.contains(id) {
            running.removeAll { $0 == id }
            retire(&sequence)
        }
        if isIdle { share.settle(active: []) }
    }

    // MARK: Changes of state

    /// Gives every running sequence the page its next token needs, the oldest first.
    ///
    /// - Returns: whether a sequence had to give its pages up.
    private mutating func growRunning() -> Bool {
        let before = preemptions
        for id in running {
            while let sequence = sequences[id], running.contains(id), sequence.pages.count < sequence.pagesNeeded {
                if let page = takePages(1)?.first {
                    sequences[id]?.pages.append(page)
                } else {
                    guard let giver = memoryGiver() else { preconditionFailure("any sequence alone fits") }
                    preempt(giver)
                }
            }
        }
        return preemptions > before
    }

    mutating func preempt(_ id: SequenceID) {
        guard var sequence = sequences[id] else { return }
        preemptions += 1
        sequence.lostTokens = sequence.computed
        running.removeAll { $0 == id }
        retire(&sequence)
        sequences[id] = sequence
        let place = waiting.firstIndex { $0 > id } ?? waiting.count
        waiting.insert(id, at: place)
    }

    /// A step's time, to those it was spent on.
    private mutating func charge(_ step: Step, seconds: Double) {
        let costs = step.runs.map { run in
            Double(run.tokens.count) * (run.isPrefill ? load.prefillTokenSeconds : load.decodeTokenSeconds)
        }
        let total = costs.reduce(0, +)
        guard total > 0 else { return }
        for (run, cost) in zip(step.runs, costs) {
            guard let owner = sequences[run.sequence]?.owner else { continue }
            share.charge(owner, seconds: seconds * cost / total)
        }
        share.settle(active: Set(sequences.values.lazy.map(\.owner)))
    }

    /// Finds out, in order of admission, what each new sequence need not compute, and copies the beginning of its
    /// first own page. One whose prefix an earlier sequence is computing stays as it is until that is done.
    private mutating func place(into step: inout Step) {
        for id in running {
            guard var sequence = sequences[id], !sequence.isPlaced else { continue }
            guard let tail = tailIfPathIsReady(sequence) else { continue }
            if let node = tail.node, let target = sequence.pages.dropFirst(tail.page).first {
                step.copies.append(Step.Copy(source: tree[node].page, target: target))
            }
            sequence.computed = tail.page * KVStorage.pageTokens + tail.tokens
            sequence.isPlaced = true
            if sequence.hasStarted {
                recomputedTokens += max(0, sequence.lostTokens - sequence.computed)
            } else {
                sequence.hasStarted = true
                step.starts.append(
                    Step.Start(sequence: id, promptTokens: sequence.promptTokens, cachedTokens: sequence.computed))
            }
            sequences[id] = sequence
        }
    }
}
