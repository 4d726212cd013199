import Inference

extension Assistant {
    /// The token that stands before a text with nothing before it: the one that begins texts, or separates them.
    package var beginToken: Int32? { tokenizer.bosID ?? tokenizer.eosID }

    /// How probable the model finds it that some tokens follow others, one score a token, each with the best
    /// alternative at its place.
    ///
    ///     let scores = try await assistant.scores(of: [42, 7], after: context)
    ///     let logProbability = scores.reduce(0) { $0 + Double($1.logProbability ?? 0) }
    ///
    /// Few tokens after many are written rather than read: held to these tokens, the model reports its own
    /// probabilities, and what it has read of the context before it need not read again. Of a context that is too
    /// long the end is taken.
    ///
    /// - Precondition: neither is empty.
    /// - Throws: `AssistantError.contextExceeded` when the tokens leave no room for a context, and as `complete`.
    package func scores(of tokens: [Int32], after context: [Int32]) async throws -> [TokenScore] {
        precondition(!tokens.isEmpty && !context.isEmpty, "\(tokens.count) tokens after \(context.count)")
        let room = description.contextTokens - tokens.count
        guard room > 0 else {
            throw AssistantError.contextExceeded(
                promptTokens: tokens.count + 1, contextTokens: description.contextTokens)
        }
        let context = Array(context.suffix(room))
        let isWritten = context.count >= tokens.count * Self.contextPerWrittenToken
        var generation = GenerationRequest(
            prompt: isWritten ? context : context + tokens, maxTokens: isWritten ? tokens.count : 0, sampling: .greedy)
        generation.sampling.logprobs = 1
        generation.promptLogprobs = !isWritten
        generation.constraint = isWritten ? GivenTokens(tokens) : nil
        generation.adapters = adapters
        let events: AsyncStream<GenerationEvent>
        do { events = try engine.generate(generation) } catch { throw AssistantError(error) }
        var scores: [TokenScore] = []
        var isFinished = false
        for await event in events {
            switch event {
            case .started: break
            case .promptScores(let more): scores += more
            case .token(_, let score): if let score { scores.append(score) }
            case .finished(let reason):
                isFinished = try AnswerEnd.Reason(reason) != .cancelled
            }
        }
        guard isFinished, scores.count >= tokens.count else { throw CancellationError() }
        return Array(scores.suffix(tokens.count))
    }

    /// Reading a token costs a fraction of writing one, as long as it is read with others.
    private static let contextPerWrittenToken = 16
}

/// An answer that is known.
private struct GivenTokens: TokenConstraint {
    let tokens: [Int32]

    init(_ tokens: [Int32]) { self.tokens = tokens }

    func start() -> any TokenConstraintState { State(tokens: tokens) }

    private struct State: TokenConstraintState {
        let tokens: [Int32]
        var place = 0

        var isComplete: Bool { place == tokens.count }

        func allowed() -> TokenMask? {
            guard !isComplete else { return nil }
            var mask = TokenMask(tokens: Int(tokens[place]) + 1)
            mask.insert(tokens[place])
            return mask
        }

        mutating func accept(_ token: Int32) -> Bool {
            guard !isComplete, token == tokens[place] else { return false }
            place += 1
            return true
        }
    }
}
