import Kernels

/// What the scheduler would do if nobody else came, in strokes so broad that a refusal takes microseconds: prompts and
/// answers are amounts, and time goes from one ending to the next.
struct Forecast {
    private struct Job {
        var sequence: ScheduledSequence
        var prefill: Double
        var answer: Double
        /// That it will take of the cache.
        var pages: Int
    }

    private let load: LoadEstimate
    private let limits: SchedulerLimits
    private var share: FairShare
    private var running: [Job]
    private var waiting: [Job]
    /// Of a long queue every so-manieth stands for as many.
    private let sampling: Int
    private static let waitingMax = 256
    private let newcomerOutstanding: (String) -> Double

    init(_ scheduler: Scheduler) {
        (load, limits, share) = (scheduler.load, scheduler.limits, scheduler.share)
        let load = scheduler.load
        let jobs: ([SequenceID]) -> [Job] = { ids in
            let sequences = ids.compactMap { scheduler.sequences[$0] }
            return sequences.enumerated().map { Self.job($1, load, rank: Self.rank($0, of: sequences.count)) }
        }
        sampling = max(1, (scheduler.waiting.count + Self.waitingMax - 1) / Self.waitingMax)
        let sample = stride(from: 0, to: scheduler.waiting.count, by: sampling).map { scheduler.waiting[$0] }
        (running, waiting) = (jobs(scheduler.running), jobs(sample))
        newcomerOutstanding = scheduler.outstandingSeconds(of:)
    }

    /// Spreads the answers' lengths over the places: multiples of the golden ratio lie evenly, however many there are.
    private static func rank(_ index: Int, of count: Int) -> Double {
        count == 1 ? 0.5 : (Double(index + 1) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
    }

    private static func job(_ sequence: ScheduledSequence, _ load: LoadEstimate, rank: Double = 0.5) -> Job {
        let prefill = sequence.prefillTokensLeft
        let answer = load.expectedTokens(generated: sequence.generated, most: sequence.answerTokensMax, rank: rank)
        let more = ScheduledSequence.pages(prefill + Int(answer))
        return Job(
            sequence: sequence, prefill: Double(prefill), answer: answer,
            pages: sequence.isPlaced ? max(sequence.pages.count, sequence.pagesNeeded) : more)
    }

    /// - Returns: nil when it is not to be told.
    mutating func secondsUntilPlaced(_ newcomer: ScheduledSequence) -> Double? {
        if !waiting.contains(where: { $0.sequence.owner == newcomer.owner }) {
            share.arrive(newcomer.owner, outstanding: newcomerOutstanding(newcomer.owner))
        }
        waiting.append(Self.job(newcomer, load))
        var seconds = 0.0
        while true {
            while let id = placeNext() {
                if id == newcomer.id { return seconds * Double(sampling) }
            }
            guard let time = advance() else { return nil }
            seconds += time
        }
    }

    mutating func secondsUntilIdle() -> Double? {
        var seconds = 0.0
        while true {
            while placeNext() != nil {}
            if running.isEmpty { return seconds * Double(sampling) }
            guard let time = advance() else { return nil }
            seconds += time
        }
    }

    /// Gives the next place, or one that another gives up.
    ///
    /// - Returns: to whom; nil when nobody gets one.
    private mutating func placeNext() -> SequenceID? {
        let first = Scheduler.firstOfEachOwner(waiting.lazy.map(\.sequence), committed: committedSeconds)
        if running.count < limits.sequencesMax {
            guard let next = first.first, fits(next) else { return nil }
            place(next)
            return next.id
        }
        let holders = running.map(\.sequence)
        for candidate in first {
            guard
                let holder = Scheduler.placeHolder(
                    givingWayTo: candidate, among: holders, committed: committedSeconds),
                let index = running.firstIndex(where: { $0.sequence.id == holder })
            else { continue }
            waiting.append(running.remove(at: index))
            place(candidate)
            return candidate.id
        }
        return nil
    }

    private func fits(_ sequence: ScheduledSequence) -> Bool {
        let pages = running.reduce(Self.job(sequence, load).pages) { $0 + $1.pages }
        return running.isEmpty || pages <= limits.pages
    }

    private mutating func place(_ sequence: ScheduledSequence) {
        guard let index = waiting.firstIndex(where: { $0.sequence.id == sequence.id }) else { return }
        share.admit(sequence.owner)
        running.append(waiting.remove(at: index))
    }

    private func committedSeconds() -> [String: Double] {
        var committed: [String: Double] = [:]
        for job in waiting { committed[job.sequence.owner] = share.served(job.sequence.owner) }
        for job in running {
            committed[job.sequence.owner, default: share.served(job.sequence.owner)] +=
                job.prefill * load.prefillTokenSeconds + job.answer * load.decodeTokenSeconds
        }
        return committed
    }

    /// Computes until a prompt or an answer is done.
    ///
    /// - Returns: the seconds that takes; nil when there is nothing to compute.
    private mutating func advance() -> Double? {
        let prefill = running.reduce(0) { $0 + $1.prefill }
        let writing = running.indices.filter { running[$0].prefill <= 0 && running[$0].answer > 0 }
        let tokens = min(prefill, Double(load.prefillTokens(besides: writing.count, limits)))
        guard let step = load.stepSeconds(prefillTokens: Int(tokens.rounded(.up)), answers: writing.count), step > 0
        else { return finishWithoutMeasure() }
        var steps = writing.map { running[$0].answer.rounded(.up) }.min() ?? .infinity
        if let shortest = running.lazy.map(\.prefill).filter({ $0 > 0 }).min(), tokens > 0 {
            steps = min(steps, (shortest / tokens).rounded(.up))
        }
        guard steps.isFinite else { return finishWithoutMeasure() }
        for index in writing { running[index].answer -= steps }
        for index in writing { charge(index, steps * load.decodeTokenSeconds) }
        var left = tokens * steps
        for index in running.indices.sorted(by: { running[$0].prefill < running[$1].prefill }) {
            let taken = min(left, running[index].prefill)
            running[index].prefill -= taken
            left -= taken
            charge(index, taken * load.prefillTokenSeconds)
        }
        running.removeAll { $0.prefill <= 0 && $0.answer <= 0 }
        return steps * step
    }

    private mutating func charge(_ index: Int, _ seconds: Double) {
        if seconds > 0 { share.charge(running[index].sequence.owner, seconds: seconds) }
    }

    /// Answers whose speed nobody has measured: only prompts were computed so far.
    private mutating func finishWithoutMeasure() -> Double? {
        guard !running.isEmpty else { return nil }
        let seconds = running.reduce(0) { $0 + $1.answer } * load.decodeTokenSeconds
        for index in running.indices where running[index].prefill <= 0 { running[index].answer = 0 }
        running.removeAll { $0.prefill <= 0 && $0.answer <= 0 }
        return seconds
    }
}
