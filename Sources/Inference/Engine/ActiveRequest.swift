/// An accepted request: what the engine needs to choose its tokens, and where to report them.
final class ActiveRequest: @unchecked Sendable {
    // Sendable: what changes is touched by the engine's thread alone, the rest is constant.
    enum Sink: Sendable {
        case events(AsyncStream<GenerationEvent>.Continuation)
        case embedding(AsyncStream<Result<[Float], EngineError>>.Continuation)
    }

    let id: SequenceID
    let request: GenerationRequest
    /// `request.maxTokens`, or less: what the context leaves.
    let tokensMax: Int
    let submittedAt: Double
    let sink: Sink
    private(set) var sampler: Sampler
    /// How far the answer has come in the form it is held to. Like the sampler, not touched by a preemption.
    private(set) var constraint: (any TokenConstraintState)?
    /// The tokens reported so far.
    private(set) var answer: [Int32] = []
    /// Prompt tokens whose scores were reported.
    private var scored = 0
    /// Of the hidden states so far.
    private var sums: [Double] = []

    init(
        id: SequenceID, _ request: GenerationRequest, tokensMax: Int, seed: UInt64, submittedAt: Double, sink: Sink
    ) {
        self.id = id
        self.request = request
        self.tokensMax = tokensMax
        self.submittedAt = submittedAt
        self.sink = sink
        sampler = Sampler(request.sampling, prompt: request.prompt, seed: seed)
        constraint = request.constraint?.start()
    }

    /// What a row of logits is for.
    enum RowPurpose {
        case choose
        /// The log-probability of this token, which follows in the prompt.
        case score(Int32)
    }

    func purpose(ofRow row: Int, in run: Step.Run) -> RowPurpose? {
        guard run.wants == .allLogits else { return .choose }
        let next = run.firstPosition + row + 1
        if next < request.prompt.count { return .score(request.prompt[next]) }
        return tokensMax > 0 ? .choose : nil
    }

    /// Called on any worker, for one row of this request at a time.
    func evaluate(_ purpose: RowPurpose, _ row: EvaluatedRow.Input) -> EvaluatedRow {
        switch purpose {
        case .choose:
            return choose(row)
        case .score(let token):
            guard row.logits.withRow(0, { Row.isFinite($0) }) else { return .notFinite }
            let alternatives = request.sampling.logprobs ?? 0
            return .scored(
                LogProbabilities(row.logits, alternatives: alternatives, scratch: row.scratch).score(of: token))
        }
    }

    private func choose(_ row: EvaluatedRow.Input) -> EvaluatedRow {
        let allowed = constraint?.allowed()
        if let allowed, allowed.isEmpty { return .exhausted(isComplete: constraint?.isComplete ?? true) }
        switch sampler.next(row.logits, allowed: allowed, scratch: row.scratch) {
        case .token(let token, let score):
            constraint?.accept(token)
            return .chosen(token, score)
        case .notFinite: return .notFinite
        }
    }

    /// What a computed run means for the request.
    func outcome(of run: Step.Run, rows: [EvaluatedRow]) -> StepOutcome {
        var outcome = StepOutcome(id: id)
        var scores: [TokenScore] = []
        for row in rows {
            switch row {
            case .notFinite:
                outcome.end = .failed(
                    "the model's output is not a number at token \(run.firstPosition + run.tokens.count); "
                        + "the weights are damaged or their numbers too large")
                return outcome
            case .exhausted(let isComplete):
                outcome.end =
                    isComplete ? .stop : .failed("no token of the model's can continue the form the answer is held to")
                return outcome
            case .scored(let score): scores.append(score)
            case .chosen(let token, let score): take(token, score, into: &outcome)
            }
        }
        outcome.accepted = run.proposals > 0 ? max(0, rows.count - 1) : 0
        // After a preemption some come twice.
        let fresh = scores.dropFirst(max(0, scored - run.firstPosition))
        scored += fresh.count
        if !fresh.isEmpty { outcome.events.insert(.promptScores(Array(fresh)), at: 0) }
        if tokensMax == 0, run.firstPosition + run.tokens.count == request.prompt.count { outcome.end = .length }
        return outcome
    }

    private func take(_ token: Int32, _ score: TokenScore?, into outcome: inout StepOutcome) {
        guard !request.stopTokens.contains(token) else {
            if request.reportsStopToken { outcome.events.append(.token(token, score)) }
            outcome.end = .stop
            return
        }
        answer.append(token)
        outcome.tokens.append(token)
        outcome.events.append(.token(token, score))
        if answer.count == tokensMax { outcome.end = .length }
    }

    /// Adds hidden states; with the prompt's last ones, the embedding is done.
    func outcome(of run: Step.Run, hidden: EvaluatedRow.Hidden) -> StepOutcome {
        var outcome = StepOutcome(id: id)
        if run.firstPosition == 0 { sums = Array(repeating: 0, count: hidden.rows.columns) }
        for row in 0..<hidden.rows.rows {
            hidden.rows.withRow(row) { values in
                for column in values.indices { sums[column] += Double(values[column]) }
            }
        }
        guard run.firstPosition + run.tokens.count == request.prompt.count else { return outcome }
        let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0, length.isFinite else {
            outcome.end = .failed("the embedding has the length \(length); the weights are damaged")
            return outcome
        }
        outcome.embedding = sums.map { Float($0 / length) }
        outcome.end = .length
        return outcome
    }
}
