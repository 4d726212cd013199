import Kernels

/// Decides what every step computes. A pure value: the engine does what `plan` says and reports with `commit`.
///
///     try scheduler.submit(sequence, now: 0)
///     let step = scheduler.plan()             // may be empty: nothing to do
///     …                                       // the model computes step.runs
///     scheduler.commit(step, seconds: 0.02)
///     scheduler.append([token], to: id)       // or remove(id)
///
/// Requests start in the order they came. Each step has the next token of every running answer, and pieces of prompts
/// beside them. Whoever needs a prefix that another sequence is computing waits for it. When memory runs out, the
/// sequence admitted last gives its pages up and waits at its place in the queue; its prefix stays in the tree as
/// long as it can. The oldest sequence is never preempted, and any one alone fits, so every sequence ends.
package struct Scheduler: Sendable {
    package let limits: SchedulerLimits
    package internal(set) var sequences: [SequenceID: ScheduledSequence] = [:]
    /// In the order of their ids, which is that of their arrival.
    package private(set) var waiting: [SequenceID] = []
    /// In the order of their admission.
    package private(set) var running: [SequenceID] = []
    package internal(set) var pool: PagePool
    package internal(set) var tree = PrefixTree()
    package internal(set) var load = LoadEstimate()
    /// Since the start.
    package private(set) var preemptions = 0
    package private(set) var recomputedTokens = 0
    private var admissions = 0

    package init(_ limits: SchedulerLimits) {
        self.limits = limits
        pool = PagePool(count: limits.pages)
    }

    package var isIdle: Bool { sequences.isEmpty }

    /// Puts a sequence into the queue.
    ///
    /// - Parameter isContinuation: it belongs to a call that was accepted, so the queue's bounds do not apply.
    /// - Throws: `.overloaded` when the queue is full or the wait would be too long.
    /// - Precondition: the id is above all before it, and the sequence at its longest fits the cache.
    package mutating func submit(
        _ sequence: ScheduledSequence, isContinuation: Bool = false
    ) throws(EngineError) {
        let tokensMax = sequence.promptTokens + sequence.answerTokensMax
        precondition(ScheduledSequence.pages(tokensMax) <= limits.pages, "a sequence larger than the cache")
        precondition(waiting.last.map { $0 < sequence.id } ?? true, "ids rise")
        if !isContinuation, let seconds = retryAfterSeconds() {
            throw .overloaded(retryAfterSeconds: seconds)
        }
        sequences[sequence.id] = sequence
        waiting.append(sequence.id)
    }

    /// Takes sequences out that have waited too long and were never started.
    package mutating func expire(now: Double) -> [SequenceID] {
        let late = waiting.filter { id in
            guard let sequence = sequences[id] else { return false }
            return !sequence.hasStarted && now - sequence.submittedAt > limits.queueSecondsMax
        }
        for id in late { remove(id) }
        return late
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
        load.record(
            prefillTokens: step.prefillTokens, decodeTokens: generated ?? step.decodeTokens, seconds: seconds)
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
                } else if let youngest = running.last {
                    preempt(youngest)
                }
            }
        }
        return preemptions > before
    }

    private mutating func preempt(_ id: SequenceID) {
        guard var sequence = sequences[id] else { return }
        preemptions += 1
        sequence.lostTokens = sequence.computed
        running.removeAll { $0 == id }
        retire(&sequence)
        sequences[id] = sequence
        let place = waiting.firstIndex { $0 > id } ?? waiting.count
        waiting.insert(id, at: place)
    }

    private mutating func admitWaiting() {
        while running.count < limits.sequencesMax, let id = waiting.first, var sequence = sequences[id],
            takePages(for: &sequence, reserve: running.isEmpty ? 0 : running.count + 1)
        {
            admissions += 1
            sequence.admission = admissions
            sequences[id] = sequence
            waiting.removeFirst()
            running.append(id)
        }
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
