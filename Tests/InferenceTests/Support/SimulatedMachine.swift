import Inference

/// A scheduler with a machine that takes so long for a step: no model, no threads, a clock that is a number.
struct SimulatedMachine {
    struct Arrival {
        var owner: String
        var prompt: [Int32]
        /// Tokens of the answer; the scheduler only knows `answerTokensMax`.
        var answer: Int
        var answerTokensMax: Int
        var priority = 0
        /// Seconds on the clock at which the reader goes away.
        var leavesAt = Double.infinity
    }

    /// What happened to a request.
    struct Record {
        var arrival: Arrival
        var submittedAt: Double
        var expectedWait: Double?
        var placedAt: Double?
        var tokenTimes: [Double] = []
        var endedAt: Double?
        var isRefused = false
    }

    var scheduler: Scheduler
    var random: RandomSource
    var now = 0.0
    var records: [SequenceID: Record] = [:]
    /// Seconds of the machine, and tokens computed, by owner.
    var served: [String: Double] = [:]
    /// Positions computed, by sequence: more than its tokens when it was preempted.
    var computed: [SequenceID: Int] = [:]
    var stepTimes: [(decodes: Int, prefill: Int, seconds: Double)] = []
    private var lastID: SequenceID = 0

    let weightsSeconds: Double
    let prefillTokenSeconds: Double
    let answerSeconds: Double
    /// Steps take up to so much more or less.
    let noise: Double

    init(
        _ limits: SchedulerLimits, seed: UInt64, weightsSeconds: Double = 0.01, prefillTokenSeconds: Double = 0.002,
        answerSeconds: Double = 0.006, noise: Double = 0.1
    ) {
        scheduler = Scheduler(limits)
        random = RandomSource(seed: seed)
        self.weightsSeconds = weightsSeconds
        self.prefillTokenSeconds = prefillTokenSeconds
        self.answerSeconds = answerSeconds
        self.noise = noise
    }

    /// - Returns: the request's number; its record says whether it was refused.
    @discardableResult
    mutating func arrive(_ arrival: Arrival) -> SequenceID {
        lastID += 1
        let sequence = ScheduledSequence(
            id: lastID, owner: arrival.owner, prompt: arrival.prompt, answerTokensMax: arrival.answerTokensMax,
            priority: arrival.priority, submittedAt: now)
        var record = Record(arrival: arrival, submittedAt: now)
        record.expectedWait = scheduler.expectedWaitSeconds(for: sequence)
        do {
            try scheduler.submit(sequence)
        } catch {
            record.isRefused = true
            record.endedAt = now
        }
        records[lastID] = record
        return lastID
    }

    /// Computes one step; false when there is nothing to do.
    mutating func step() -> Bool {
        for (id, _) in scheduler.expire(now: now) { refuse(id) }
        for (id, _) in scheduler.sequences where records[id].map({ $0.arrival.leavesAt <= now }) ?? false {
            end(id)
        }
        let plan = scheduler.plan()
        for id in scheduler.running where records[id]?.placedAt == nil { records[id]?.placedAt = now }
        guard !plan.runs.isEmpty else { return false }
        let exact =
            weightsSeconds + Double(plan.prefillTokens) * prefillTokenSeconds
            + Double(plan.decodeTokens) * answerSeconds
        let seconds = exact * (1 + noise * (2 * random.uniform() - 1))
        now += seconds
        stepTimes.append((plan.decodeTokens, plan.prefillTokens, seconds))
        for run in plan.runs {
            computed[run.sequence, default: 0] += run.tokens.count
            guard let owner = scheduler.sequences[run.sequence]?.owner else { continue }
            let cost = run.isPrefill ? prefillTokenSeconds : answerSeconds
            served[owner, default: 0] += Double(run.tokens.count) * cost
        }
        scheduler.commit(plan, seconds: seconds)
        for run in plan.runs {
            guard let sequence = scheduler.sequences[run.sequence], run.wants == .lastLogits || sequence.remaining == 0
            else { continue }
            records[run.sequence]?.tokenTimes.append(now)
            scheduler.append([7], to: run.sequence)
            let answer = records[run.sequence]?.arrival.answer ?? 0
            if sequence.generated + 1 >= min(answer, sequence.answerTokensMax) { end(run.sequence) }
        }
        return true
    }

    private mutating func end(_ id: SequenceID) {
        scheduler.remove(id)
        records[id]?.endedAt = now
    }

    private mutating func refuse(_ id: SequenceID) {
        scheduler.remove(id)
        records[id]?.isRefused = true
        records[id]?.endedAt = now
    }

    mutating func compute(steps: Int) {
        for _ in 0..<steps { _ = step() }
    }

    /// Computes until the clock says so, or nothing is left.
    mutating func run(until time: Double = .infinity) {
        while now < time, step() {}
        if time.isFinite { now = max(now, time) }
    }

    /// A prompt of new tokens, after some that others share.
    mutating func prompt(_ tokens: Int, sharing prefix: Int32? = nil, _ shared: Int = 0) -> [Int32] {
        var prompt: [Int32] = []
        if let prefix { prompt = (0..<Int32(shared)).map { prefix &* 10_000 &+ $0 } }
        while prompt.count < tokens { prompt.append(Int32.random(in: 1_000_000..<2_000_000, using: &random)) }
        return prompt
    }
}
