/// Who gets a place, and who gives way.
extension Scheduler {
    // MARK: The order

    /// Seconds that each owner here has had, and that its running sequences will still take. Whoever has least is
    /// next, and whoever has most gives way.
    func committedSeconds() -> [String: Double] {
        var seconds: [String: Double] = [:]
        for id in waiting {
            if let owner = sequences[id]?.owner, seconds[owner] == nil { seconds[owner] = share.served(owner) }
        }
        for sequence in running.compactMap({ sequences[$0] }) {
            seconds[sequence.owner, default: share.served(sequence.owner)] += load.remainingSeconds(of: sequence)
        }
        return seconds
    }

    func outstandingSeconds(of owner: String) -> Double {
        running.reduce(0) { sum, id in
            guard let sequence = sequences[id], sequence.owner == owner else { return sum }
            return sum + load.remainingSeconds(of: sequence)
        }
    }

    /// The first of each owner's waiting sequences, in the order of their owners' turns.
    private func firstWaiting(besides passed: [SequenceID] = []) -> [ScheduledSequence] {
        let all = waiting.lazy.filter { !passed.contains($0) }.compactMap { sequences[$0] }
        return Self.firstOfEachOwner(all, committed: committedSeconds)
    }

    static func firstOfEachOwner(
        _ waiting: some Sequence<ScheduledSequence>, committed: () -> [String: Double]
    ) -> [ScheduledSequence] {
        var first: [String: ScheduledSequence] = [:]
        for sequence in waiting where first[sequence.owner].map({ sequence.precedes($0) }) ?? true {
            first[sequence.owner] = sequence
        }
        guard first.count > 1 else { return Array(first.values) }
        let committed = committed()
        return first.values.sorted { one, other in
            let (mine, theirs) = (committed[one.owner] ?? 0, committed[other.owner] ?? 0)
            return mine == theirs ? one.precedes(other) : mine < theirs
        }
    }

    /// Prompts that are being computed, those first whose owners have had least.
    func inTurn(_ prompts: [ScheduledSequence]) -> [ScheduledSequence] {
        prompts.sorted { one, other in
            let (mine, theirs) = (share.served(one.owner), share.served(other.owner))
            return mine == theirs ? one.precedes(other) : mine < theirs
        }
    }

    // MARK: Places

    /// One that does not fit is passed over so often, and then everyone waits for it.
    static let overtakenMax = 16
    /// Sequences that are tried in a step and do not fit.
    private static let misfitsMax = 8

    mutating func admitWaiting() {
        var misfits: [SequenceID] = []
        while running.count < limits.sequencesMax, misfits.count < Self.misfitsMax,
            let next = firstWaiting(besides: misfits).first
        {
            if admit(next) {
                for id in misfits { sequences[id]?.overtaken += 1 }
            } else if next.overtaken >= Self.overtakenMax {
                return
            } else {
                misfits.append(next.id)
            }
        }
        if running.count == limits.sequencesMax { giveUpPlace() }
    }

    private mutating func admit(_ candidate: ScheduledSequence) -> Bool {
        var sequence = candidate
        guard takePages(for: &sequence, reserve: running.isEmpty ? 0 : running.count + 1) else { return false }
        admissions += 1
        sequence.admission = admissions
        sequences[sequence.id] = sequence
        waiting.removeAll { $0 == sequence.id }
        running.append(sequence.id)
        share.admit(sequence.owner)
        return true
    }

    /// When every place is taken, one is given to an owner that has none and has had less, by the owner that has most
    /// places; or to a sequence of higher priority, by one of the same owner. What gives way keeps what it computed as
    /// long as memory lasts. Nobody can take the place back the same way, so places do not go round in circles.
    private mutating func giveUpPlace() {
        let holders = running.compactMap { sequences[$0] }
        for candidate in firstWaiting() {
            guard pool.free + tree.unusedPages >= candidate.pagesNeeded + running.count + 1,
                let victim = Self.placeHolder(givingWayTo: candidate, among: holders, committed: committedSeconds)
            else { continue }
            preempt(victim)
            _ = admit(candidate)
            return
        }
    }

    static func placeHolder(
        givingWayTo candidate: ScheduledSequence, among all: [ScheduledSequence], committed: () -> [String: Double]
    ) -> SequenceID? {
        let own = all.filter { $0.owner == candidate.owner }
        let holders: [ScheduledSequence]
        if own.isEmpty {
            let most = Dictionary(grouping: all, by: \.owner).values.max { one, other in
                one.count == other.count ? one[0].precedes(other[0]) : one.count < other.count
            }
            guard let most, most.count > 1 else { return nil }
            let committed = committed()
            guard committed[candidate.owner] ?? 0 < committed[most[0].owner] ?? 0 else { return nil }
            holders = most
        } else {
            holders = own.filter { $0.priority > candidate.priority && candidate.precedes($0) }
        }
        let first = all.min { $0.precedes($1) }?.id
        return holders.filter { $0.id != first && $0.sharesPrefix }.max { $0.precedes($1) }?.id
    }

    /// Whose pages are taken when memory runs out: the last in its owner's order, of the owner that has had most. The
    /// first of all is never taken, and any one alone fits, so every sequence ends.
    func memoryGiver() -> SequenceID? {
        let all = running.compactMap { sequences[$0] }
        guard all.count > 1, let first = all.min(by: { $0.precedes($1) })?.id else { return nil }
        let committed = committedSeconds()
        return all.filter { $0.id != first }.max { one, other in
            let (mine, theirs) = (committed[one.owner] ?? 0, committed[other.owner] ?? 0)
            return mine == theirs ? one.precedes(other) : mine < theirs
        }?.id
    }

    // MARK: The queue

    /// Makes room in a full queue for an owner that has less in it: the last request of the owner that has most is
    /// told to come back later.
    ///
    /// - Returns: false when nobody has more.
    mutating func dropForRoom(_ owner: String) -> Bool {
        let all = waiting.compactMap { sequences[$0] }
        let mine = all.count { $0.owner == owner }
        let queues = Dictionary(grouping: all.filter { $0.mayBeDropped && !$0.hasStarted }, by: \.owner)
        let longest = queues.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.value ?? []
        guard longest.count > mine + 1, let last = longest.max(by: { $0.precedes($1) }) else { return false }
        remove(last.id)
        dropped.append((last.id, retryAfterSeconds(expired: last)))
        return true
    }
}
