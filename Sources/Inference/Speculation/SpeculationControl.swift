/// Decides how many proposals a step checks, and when a draft model is worth its time: a pure value that learns from
/// what steps took and brought.
///
///     // Two proposals for one answer, one for another.
///     let counts = control.decide([[0.9, 0.8], [0.4]], sequences: 2)       // perhaps [2, 0]
///     control.record(sequences: 2, proposals: 2, seconds: 0.05)
///
/// Costs and gains are in steps without proposals. With r(i) the probability that the i-th best proposal and all before
/// it in its sequence are right, k proposals make n sequences' tokens a step
///
///     (n + r(1) + … + r(k)) / (cost(k) + what the draft model took)
///
/// and the k with the most is taken, 0 unless it is better by `gainMin`. What is chosen seldom is tried now and then,
/// from a credit that grows by `allowance` a step, so that trying costs no more than that share of the time. And should
/// all estimates be wrong, a balance of what was really saved and lost stops the losses: below -`lossMax` steps nothing
/// is proposed until the allowance has made up for it.
package struct SpeculationControl: Sendable {
    package struct Choice: Sendable, Equatable {
        /// Proposals of each sequence.
        package var counts: [Int]
        /// In a step's time without proposals, all sequences together.
        package var tokensPerStep: Double

        package init(counts: [Int], tokensPerStep: Double) {
            self.counts = counts
            self.tokensPerStep = tokensPerStep
        }

        package var total: Int { counts.reduce(0, +) }
    }

    package var rates = AcceptanceRates()
    package private(set) var costs: StepCosts
    var draft = DraftCosts()
    private let proposalsMax: Int
    /// Steps that may be lost to trying things out.
    package private(set) var credit = creditMax / 2
    /// Steps that proposals saved lately, or lost.
    private var balance = 0.0
    private var isStopped = false
    private var stepsSinceProposals = 0
    private var stepsWithProposals = 0
    /// The cost of the last step's proposals is known.
    private var isMeasured = true
    private var tokensPerAnswer = 128.0

    private var stepsSinceDraft = trialSteps
    /// Steps with a draft since the last long time without.
    private var stepsWithDraft = 0

    private static let gainMin = 1.04
    private static let allowance = 0.01
    private static let creditMax = 8.0
    private static let lossMax = 3.0
    private static let balanceMax = 8.0
    /// Steps after which what was not chosen is tried.
    private static let trialSteps = 128
    /// Steps with proposals after which one without shows what they cost.
    private static let referenceSteps = 64
    /// As long as their cost was measured less often than `measurementsMin`.
    private static let firstReferenceSteps = 5
    private static let measurementsMin = 5
    private static let plainStepsMin = 3
    private static let trialProposalsMax = 4
    /// One draft tells little.
    private static let trialDrafts = 8
    private static let trialRateMin = 0.25
    private static let answerWeight = 0.1
    /// What a step counts for at most, in steps; more is the machine's doing.
    private static let costMax = 16.0

    /// - Parameter proposalsMax: of a step.
    package init(proposalsMax: Int) {
        self.proposalsMax = proposalsMax
        costs = StepCosts(proposalsMax: proposalsMax)
    }

    /// The best numbers of proposals.
    ///
    /// - Parameters:
    ///   - candidates: for each sequence the probability of each proposal when those before it are right.
    ///   - spent: what the draft model took or will take, in steps.
    package func choose(_ candidates: [[Double]], sequences: Int, spent: Double = 0) -> Choice {
        var gains: [(reach: Double, sequence: Int)] = []
        for (sequence, rates) in candidates.enumerated() {
            var reach = 1.0
            for rate in rates {
                reach *= rate
                gains.append((reach, sequence))
            }
        }
        gains.sort { ($0.reach, $1.sequence) > ($1.reach, $0.sequence) }
        var tokens = Double(sequences)
        let plain = tokens / (1 + spent)
        var (best, bestCount) = (plain * Self.gainMin, 0)
        for (place, gain) in gains.prefix(proposalsMax).enumerated() {
            tokens += gain.reach
            let rate = tokens / (costs.cost(proposals: place + 1, sequences: sequences) + spent)
            if rate > best { (best, bestCount) = (rate, place + 1) }
        }
        var counts = Array(repeating: 0, count: candidates.count)
        for gain in gains.prefix(bestCount) { counts[gain.sequence] += 1 }
        return Choice(counts: counts, tokensPerStep: bestCount > 0 ? best : plain)
    }

    /// The best numbers of proposals, or a trial.
    package func decide(_ candidates: [[Double]], sequences: Int, spent: Double = 0) -> [Int] {
        let choice = choose(candidates, sequences: sequences, spent: spent)
        if isStopped { return candidates.map { _ in 0 } }
        if choice.total == 0, stepsSinceProposals >= Self.trialSteps, credit >= 1,
            let best = candidates.indices.max(by: { candidates[$0].first ?? 0 < candidates[$1].first ?? 0 }),
            candidates[best].first ?? 0 >= Self.trialRateMin
        {
            var counts = choice.counts
            counts[best] = min(Self.trialProposalsMax, proposalsMax, candidates[best].count)
            return counts
        }
        return choice.counts
    }

    /// Nothing is to be proposed in the next step: the cost of those with proposals is to be told, or they lost too
    /// much.
    package func needsReference(sequences: Int) -> Bool {
        isStopped || costs.measurements(proposals: 0, sequences: sequences) < Self.plainStepsMin
            || stepsWithProposals >= (isMeasured ? Self.referenceSteps : Self.firstReferenceSteps)
    }

    /// The draft model may write although it is not expected to be worth it, to learn whether it is.
    package var canTryDraft: Bool {
        credit >= 1 && (stepsSinceDraft >= Self.trialSteps || stepsWithDraft < Self.trialDrafts)
    }

    /// Notes what a step took, without the draft model's part.
    ///
    /// - Parameters:
    ///   - sequences: that go on in it; it computed nothing else.
    ///   - tokens: that it brought.
    ///   - draftSeconds: that the draft model took for it.
    package mutating func record(
        sequences: Int, proposals: Int, tokens: Int, seconds: Double, draftSeconds: Double = 0
    ) {
        let before = costs.seconds(sequences: sequences)
        costs.record(sequences: sequences, proposals: proposals, seconds: seconds)
        stepsSinceProposals = proposals > 0 ? 0 : stepsSinceProposals + 1
        stepsWithProposals = proposals > 0 ? stepsWithProposals + 1 : 0
        isMeasured =
            proposals == 0
            || costs.measurements(proposals: proposals, sequences: sequences) >= Self.measurementsMin
        if draftSeconds > 0 {
            if stepsSinceDraft >= Self.trialSteps { stepsWithDraft = 0 }
            stepsWithDraft += 1
        }
        stepsSinceDraft = draftSeconds > 0 ? 0 : stepsSinceDraft + 1
        var (saved, lost) = (0.0, 0.0)
        if proposals > 0 || draftSeconds > 0, sequences > 0 {
            let plain = Double(tokens) / Double(sequences) - steps(draftSeconds, sequences: sequences)
            saved = plain - costs.cost(proposals: proposals, sequences: sequences)
            lost = before.map { min(seconds / $0, Self.costMax) - plain } ?? 0
        }
        credit = min(Self.creditMax, credit + saved + Self.allowance)
        balance = min(Self.balanceMax, balance - lost + Self.allowance)
        if balance < -Self.lossMax { isStopped = true } else if balance >= 0 { isStopped = false }
    }

    /// Something else than answers was computed.
    package mutating func interrupt() { costs.interrupt() }

    package mutating func recordEnd(tokens: Int) {
        if tokens > 0 { tokensPerAnswer += Self.answerWeight * (Double(tokens) - tokensPerAnswer) }
    }

    mutating func spend(steps: Double) { credit -= steps }

    /// Seconds in steps without proposals.
    func steps(_ seconds: Double, sequences: Int) -> Double {
        costs.seconds(sequences: sequences).map { seconds / $0 } ?? 0
    }

    /// How many tokens an answer may still have: as many as it has, or what others have in all.
    func expectedTokens(generated: Int, max: Int) -> Double {
        min(Double(max), Swift.max(Double(generated), tokensPerAnswer - Double(generated)))
    }
}
