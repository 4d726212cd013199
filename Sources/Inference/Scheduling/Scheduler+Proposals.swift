import Kernels

/// Guesses at how answers go on, checked in the step that computes their next token.
///
///     let step = scheduler.plan()
///     scheduler.propose([id: [7, 3, 9]], in: &step)   // the run is [last token, 7, 3, 9], a row of logits each
///     …                                               // 7 is chosen, then 5: the proposal 3 was wrong
///     scheduler.commit(step, seconds: 0.02)
///     scheduler.append([7, 5], to: id)                // 7 is computed, 5 is what the next step computes
///
/// Keys and values of wrong proposals stay where they are, behind what counts as computed, until others overwrite them.
extension Scheduler {
    /// Whether a run is an answer's next token, behind which proposals may stand.
    package static func takesProposals(_ run: Step.Run) -> Bool {
        !run.isPrefill && run.tokens.count == 1 && run.wants == .lastLogits
    }

    /// Adds proposals to a step without prompts: as many as the answers may still grow, and as there is memory for.
    package mutating func propose(_ proposals: [SequenceID: [Int32]], in step: inout Step) {
        guard step.prefillTokens == 0 else { return }
        var left = limits.proposalsMax
        for index in step.runs.indices where Self.takesProposals(step.runs[index]) {
            guard let wanted = proposals[step.runs[index].sequence],
                var sequence = sequences[step.runs[index].sequence]
            else { continue }
            // The step itself brings a token, beside the proposals that hold.
            let room = min(left, sequence.answerTokensMax - sequence.generated - 1)
            let count = growPages(of: &sequence, for: min(wanted.count, room))
            sequences[sequence.id] = sequence
            guard count > 0 else { continue }
            left -= count
            step.runs[index].tokens += wanted.prefix(count)
            step.runs[index].pages = Array(
                sequence.pages.prefix(ScheduledSequence.pages(sequence.tokens.count + count)))
            step.runs[index].wants = .allLogits
            step.runs[index].proposals = count
        }
    }

    /// Takes pages for proposals, but none that a running answer could need next.
    ///
    /// - Returns: how many of them have a place.
    private mutating func growPages(of sequence: inout ScheduledSequence, for count: Int) -> Int {
        while sequence.pages.count < ScheduledSequence.pages(sequence.tokens.count + count),
            pool.free + tree.unusedPages > running.count, let page = takePages(1)?.first
        {
            sequence.pages.append(page)
        }
        return max(0, min(count, sequence.pages.count * KVStorage.pageTokens - sequence.tokens.count))
    }

    /// Adds the tokens that a step brought an answer: all but the last were proposals, so they are computed.
    /// Pages that only wrong proposals needed are given back.
    package mutating func append(_ tokens: [Int32], to id: SequenceID) {
        guard var sequence = sequences[id], !tokens.isEmpty else { return }
        sequence.tokens += tokens
        sequence.computed += tokens.count - 1
        while sequence.pages.count > max(sequence.pagesNeeded, sequence.path.count) {
            pool.give(sequence.pages.removeLast())
        }
        sequences[id] = sequence
    }
}
