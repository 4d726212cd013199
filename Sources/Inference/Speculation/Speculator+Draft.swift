import Kernels

/// Drafts: what a small model writes ahead.
extension Speculator {
    /// A sequence for which the draft model writes.
    private struct Draft {
        let place: Int
        let id: SequenceID
        let request: ActiveRequest
        /// Tokens that the draft model has yet to read.
        var unread: ArraySlice<Int32>
        var chooser: DraftChooser
        var proposals = Proposals()
    }

    /// More unread tokens than these are read before, and not beside, the first pass.
    static let unreadMax = 20

    /// Lets the draft model write for the sequences for which that beats what is proposed for them, if it is worth it
    /// for the step as a whole, and replaces their proposals.
    ///
    /// - Returns: what its passes took, in steps; on trial, the place of the sequence for which it wrote a token
    ///   although that does not seem worth it. nil when it wrote nothing.
    func addDrafts(to proposals: inout [Proposals], _ ids: [SequenceID]) -> (spent: Double, trial: Int?)? {
        var drafts = ids.indices.compactMap { candidate($0, ids[$0], proposals[$0]) }
        guard !drafts.isEmpty else { return nil }
        drafts = read(drafts, proposals, sequences: ids.count)
        guard let first = drafts.first else { return nil }
        let plan = control.plan(
            proposals.map(\.rates), drafting: meanRates(drafts), passesMax: options.draftTokensMax)
        if plan.passes > 0 {
            return (write(drafts, passesMax: options.draftTokensMax, &proposals), nil)
        }
        guard control.canTryDraft else { return nil }
        return (write([first], passesMax: 1, &proposals), first.place)
    }

    /// nil when the draft model does not know the sequence's tokens, or has nothing to add to what is proposed.
    private func candidate(_ place: Int, _ id: SequenceID, _ proposed: Proposals) -> Draft? {
        guard let state = states[id], state.isDraftable, let draft else { return nil }
        let plan = control.plan([proposed.rates], drafting: [0: meanRate(id)], passesMax: options.draftTokensMax)
        let isIdle = control.choose([proposed.rates], sequences: 1).total == 0
        guard plan.passes > 0 || (isIdle && control.canTryDraft) else { return nil }
        let text = state.lookup.tokens
        let backlog = draft.backlog(of: id, owner: state.request.request.owner, text)
        return Draft(
            place: place, id: id, request: state.request, unread: text.suffix(backlog),
            chooser: state.request.draftChooser())
    }

    private func meanRate(_ id: SequenceID) -> Double {
        states[id]?.acceptance.rate(of: .draft, control.rates) ?? 0
    }

    private func meanRates(_ drafts: [Draft]) -> [Int: Double] {
        Dictionary(uniqueKeysWithValues: drafts.map { ($0.place, meanRate($0.id)) })
    }

    /// Reads on in the texts for which that is worth it, a bounded piece of them before a step.
    ///
    /// - Returns: the drafts that can begin.
    private func read(_ drafts: [Draft], _ proposals: [Proposals], sequences: Int) -> [Draft] {
        var ready: [Draft] = []
        var left = options.draftPromptTokensMax
        for var draft in drafts {
            guard draft.unread.count > Self.unreadMax else {
                ready.append(draft)
                continue
            }
            guard left > 0, isWorthReading(draft, proposals[draft.place], sequences: sequences) else { continue }
            // One stays: its logits begin the draft.
            let piece = draft.unread.prefix(min(left, draft.unread.count - 1))
            let start = now()
            guard self.draft?.read([(draft.id, Array(piece), false)]) != nil else { continue }
            left -= piece.count
            let seconds = now() - start
            draftSeconds += seconds
            control.recordReading(tokens: piece.count, seconds: seconds, sequences: sequences)
            draft.unread.removeFirst(piece.count)
            if draft.unread.count <= Self.unreadMax { ready.append(draft) }
        }
        return ready
    }

    private func isWorthReading(_ draft: Draft, _ proposed: Proposals, sequences: Int) -> Bool {
        let without = control.choose([proposed.rates], sequences: sequences).tokensPerStep
        var candidates = Array(repeating: [Double](), count: sequences)
        candidates[0] = proposed.rates
        let with = control.plan(
            candidates, drafting: [0: meanRate(draft.id)], passesMax: options.draftTokensMax)
        return control.isWorthReading(
            backlog: draft.unread.count, gain: with.tokensPerStep / without - 1,
            generated: draft.request.answer.count, tokensMax: draft.request.tokensMax - draft.request.answer.count,
            sequences: sequences)
    }

    /// Passes of the draft model as long as another one promises more than it takes.
    private func write(_ drafts: [Draft], passesMax: Int, _ proposals: inout [Proposals]) -> Double {
        var spent = 0.0
        var active = drafts
        for draft in drafts { proposals[draft.place] = Proposals() }
        for _ in 0..<passesMax {
            let start = now()
            spent += control.draftPassCost(sequences: proposals.count, drafting: active.count)
            active = pass(active)
            let seconds = now() - start
            stepDraftSeconds += seconds
            control.recordPass(sequences: active.count, seconds: seconds)
            for draft in active { proposals[draft.place] = draft.proposals }
            // Whose end was written cannot go on.
            active = active.filter { !$0.unread.isEmpty && $0.proposals.tokens.count < options.sequenceProposalsMax }
            guard !active.isEmpty,
                control.wantsMore(proposals.map(\.rates), active: meanRates(active), spent: spent)
            else { break }
        }
        return spent
    }

    /// One more token of each draft; those without memory are left out.
    private func pass(_ drafts: [Draft]) -> [Draft] {
        guard let draft, let (runs, output) = draft.read(drafts.map { ($0.id, Array($0.unread), true) }) else {
            return []
        }
        let read = Set(runs.map(\.sequence))
        var written = drafts.filter { read.contains($0.id) }
        let columns = 0..<sharedVocabularySize
        let scratch = scratch
        var choices = [(token: Int32, probability: Float)?](repeating: nil, count: written.count)
        written.withUnsafeMutableBufferPointer { written in
            choices.withUnsafeMutableBufferPointer { choices in
                draft.runner.forEach(count: written.count) { item, worker in
                    let row = output.logits.rows(output.ranges[item]).columns(columns)
                    choices[item] = written[item].chooser.next(row, scratch: scratch[worker])
                }
            }
        }
        for place in written.indices { take(choices[place], into: &written[place]) }
        return written
    }

    private func take(_ choice: (token: Int32, probability: Float)?, into draft: inout Draft) {
        draft.unread = []
        let tokens = draft.proposals.tokens
        guard let (token, probability) = choice, draft.request.admissible(tokens + [token]) > tokens.count else {
            return
        }
        let evidence = Evidence.draft(probability: probability)
        let rate = states[draft.id]?.acceptance.rate(evidence, control.rates) ?? 0
        draft.proposals.append(token, evidence, rate: rate)
        draft.unread = [token]
    }
}
