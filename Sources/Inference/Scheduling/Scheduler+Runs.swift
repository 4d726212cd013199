import Kernels

/// What the sequences with pages compute in a step.
extension Scheduler {
    /// The next token of every answer.
    func addDecodes(to step: inout Step) {
        for id in running {
            guard let sequence = sequences[id], sequence.isPlaced, sequence.remaining == 1 else { continue }
            step.runs.append(run(of: sequence, tokens: 1))
        }
    }

    /// Pieces of prompts. Half of the step goes to the prompts that need least, so that a short question is not stuck
    /// behind a long text; the rest to the owners that have had least, and of each to those that came first, so that
    /// every prompt gets done.
    func addPrefill(to step: inout Step) {
        let prompts = running.compactMap { sequences[$0] }.filter { $0.isPlaced && $0.remaining > 1 }
        guard !prompts.isEmpty else { return }
        var tokens = load.prefillTokens(besides: step.runs.count, limits)
        var rows = limits.scoreRowsMax
        var shares: [SequenceID: Int] = [:]
        func give(_ sequence: ScheduledSequence, leavingTokens: Int, leavingRows: Int) {
            let held = shares[sequence.id] ?? 0
            let given =
                piece(of: sequence, most: held + tokens - leavingTokens, rows: held + rows - leavingRows) - held
            guard given > 0 else { return }
            shares[sequence.id] = held + given
            tokens -= given
            if isScored(sequence) { rows -= given }
        }
        let (halfTokens, halfRows) = (tokens - tokens / 2, rows - rows / 2)
        let shortestFirst = prompts.sorted { ($0.remaining, $0.admission) < ($1.remaining, $1.admission) }
        for sequence in shortestFirst { give(sequence, leavingTokens: halfTokens, leavingRows: halfRows) }
        for sequence in inTurn(prompts) { give(sequence, leavingTokens: 0, leavingRows: 0) }
        for sequence in prompts {
            if let tokens = shares[sequence.id] { step.runs.append(run(of: sequence, tokens: tokens)) }
        }
    }

    /// The next tokens of this sequence are to be scored.
    private func isScored(_ sequence: ScheduledSequence) -> Bool {
        sequence.computed >= sequence.scored && sequence.computed < sequence.scoresWanted
    }

    /// How many of its next tokens a sequence can take at once.
    private func piece(of sequence: ScheduledSequence, most: Int, rows: Int) -> Int {
        var tokens = min(most, sequence.remaining)
        if isScored(sequence) {
            // Rows are dear: a score needs all logits of the token before.
            tokens = min(tokens, rows, sequence.promptTokens - sequence.computed)
        } else if sequence.computed < sequence.scored {
            tokens = min(tokens, sequence.scored - sequence.computed)
        }
        return tokens
    }

    private func run(of sequence: ScheduledSequence, tokens: Int) -> Step.Run {
        let end = sequence.computed + tokens
        return Step.Run(
            sequence: sequence.id, tokens: Array(sequence.tokens[sequence.computed..<end]),
            firstPosition: sequence.computed, pages: Array(sequence.pages.prefix(ScheduledSequence.pages(end))),
            wants: wants(of: sequence, end: end), isPrefill: sequence.remaining > 1 || sequence.generated == 0,
            adapters: sequence.adapters)
    }

    private func wants(of sequence: ScheduledSequence, end: Int) -> Step.Wants {
        if sequence.purpose == .embedding { return .hiddenStates }
        if isScored(sequence) { return .allLogits }
        return end == sequence.tokens.count && sequence.answerTokensMax > 0 ? .lastLogits : .nothing
    }
}

extension LoadEstimate {
    /// Prompt tokens that fit a step: fewer while answers are being written, so that their text keeps flowing.
    func prefillTokens(besides answers: Int, _ limits: SchedulerLimits) -> Int {
        guard answers > 0 else { return limits.prefillTokensMax }
        let seconds = max(0, limits.tokenGapSecondsMax - answersSeconds(answers))
        let fitting = prefillTokensPerSecond.map { $0 * seconds } ?? Self.unmeasuredTokensMax
        return max(1, min(limits.prefillTokensMax, max(Self.sharedTokensMin, Int(min(fitting, 1e9)))))
    }

    /// Beside answers, before the first step was measured.
    private static let unmeasuredTokensMax = 128.0
    /// Fewer tokens than this are no quicker: the weights are read once, whatever their number.
    private static let sharedTokensMin = 16
}
