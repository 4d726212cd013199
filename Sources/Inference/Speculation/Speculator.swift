/// Proposes tokens for the running answers and learns from what became of them.
///
///     let proposals = speculator.propose(step, requests)      // the draft model computes in here
///     …                                                       // the step is computed with them
///     speculator.learn(step, outcomes, seconds: 0.05)
///
/// The engine's thread alone uses it, and nobody holds the engine's lock meanwhile.
final class Speculator {
    let options: SpeculationOptions
    let draft: DraftModel?
    /// Of both models.
    let sharedVocabularySize: Int
    let now: @Sendable () -> Double
    let scratch: [SamplingScratch]
    var control: SpeculationControl
    var states: [SequenceID: SpeculatedRequest] = [:]
    /// What was proposed for the step under way.
    private var pending: [SequenceID: Proposals] = [:]
    /// What the draft model took for the step under way, its reading of prompts not counted.
    var stepDraftSeconds = 0.0
    /// What it took since the start.
    var draftSeconds = 0.0

    /// - Parameter now: seconds since some moment, never going back.
    init(
        _ options: SpeculationOptions, vocabularySize: Int, draft: DraftModel?, now: @escaping @Sendable () -> Double
    ) {
        self.options = options
        self.draft = options.mode == .auto ? draft : nil
        self.now = now
        control = SpeculationControl(proposalsMax: options.stepProposalsMax)
        sharedVocabularySize = min(vocabularySize, self.draft?.runner.vocabularySize ?? 0)
        let (workers, size) = (self.draft?.runner.workers ?? 0, sharedVocabularySize)
        scratch = (0..<workers).map { _ in SamplingScratch(vocabularySize: size) }
    }

    /// Tokens to check in a step, for the sequences for which that is worth it.
    func propose(_ step: Step, _ requests: [SequenceID: ActiveRequest]) -> [SequenceID: [Int32]] {
        pending = [:]
        stepDraftSeconds = 0
        guard options.mode != .off else { return [:] }
        let ids = step.runs.filter(Scheduler.takesProposals).map(\.sequence)
        guard step.prefillTokens == 0, !ids.isEmpty, ids.count <= options.stepProposalsMax else { return [:] }
        for id in ids { follow(id, requests) }
        guard !control.needsReference(sequences: ids.count) else { return [:] }
        var proposals = ids.map { lookupProposals($0) }
        let drafting = draft == nil ? nil : addDrafts(to: &proposals, ids)
        let counts: [Int]
        if let place = drafting?.trial {
            // What was written on trial is checked, whatever it promises: nothing else tells what it is worth.
            counts = proposals.indices.map { $0 == place ? proposals[$0].tokens.count : 0 }
        } else {
            counts = control.decide(
                proposals.map(\.rates), sequences: ids.count, spent: drafting?.spent ?? 0)
        }
        for (place, id) in ids.enumerated() {
            if counts[place] > 0 {
                pending[id] = proposals[place].prefix(counts[place])
            } else if let first = proposals[place].evidence.first, first.source == .draft {
                control.rates.recordUnchecked(first)
            }
        }
        return pending.mapValues(\.tokens)
    }

    /// - Parameters:
    ///   - step: with the proposals that were computed: perhaps fewer than were wanted.
    ///   - seconds: that it took, without `propose`.
    func learn(_ step: Step, _ outcomes: [StepOutcome], seconds: Double) {
        draftSeconds += stepDraftSeconds
        guard options.mode != .off else { return }
        guard step.prefillTokens == 0 else { return control.interrupt() }
        var accepted: [SequenceID: Int] = [:]
        for outcome in outcomes { accepted[outcome.id] = outcome.accepted }
        for run in step.runs where run.proposals > 0 {
            guard let proposals = pending[run.sequence], let right = accepted[run.sequence] else { continue }
            for place in 0..<min(right + 1, run.proposals) {
                judge(proposals.evidence[place], of: run.sequence, isAccepted: place < right)
            }
        }
        control.record(
            sequences: step.decodeTokens, proposals: step.proposals,
            tokens: outcomes.reduce(0) { $0 + $1.tokens.count }, seconds: seconds, draftSeconds: stepDraftSeconds)
    }

    /// Lookups are judged as the answer grows.
    private func judge(_ evidence: Evidence, of id: SequenceID, isAccepted: Bool) {
        guard evidence.source == .draft else { return }
        states[id]?.acceptance.record(evidence, isAccepted: isAccepted, in: &control.rates)
    }

    private func follow(_ id: SequenceID, _ requests: [SequenceID: ActiveRequest]) {
        if states[id] == nil, let request = requests[id] {
            states[id] = SpeculatedRequest(
                request, indexedTokensMax: options.lookupTokensMax, draftVocabularySize: sharedVocabularySize)
        }
        states[id]?.follow(&control.rates)
    }

    private func lookupProposals(_ id: SequenceID) -> Proposals {
        states[id]?.lookupProposals(max: options.sequenceProposalsMax, control.rates) ?? Proposals()
    }

    var draftUsage: DraftUsage {
        DraftUsage(
            seconds: draftSeconds, pagesUsed: draft?.pagesUsed ?? 0, pagesTotal: draft?.pagesTotal ?? 0)
    }

    /// Lets go of requests that are no more.
    func forgetEnded(_ requests: [SequenceID: ActiveRequest]) {
        for id in states.keys where requests[id] == nil {
            control.recordEnd(tokens: states[id]?.request.answer.count ?? 0)
            states[id] = nil
            draft?.release(id)
        }
    }
}
