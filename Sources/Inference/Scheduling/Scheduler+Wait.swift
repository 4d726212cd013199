import Kernels

/// How long a new request would wait, and when one that is refused should come back.
extension Scheduler {
    /// nil when a request would not wait too long; else the seconds after which it would not, if nobody else came.
    func retryAfterSeconds(for sequence: ScheduledSequence) -> Int? {
        guard let wait = expectedWaitSeconds(for: sequence), wait > limits.queueSecondsMax else { return nil }
        return Self.seconds(wait - limits.queueSecondsMax)
    }

    /// When to try again after waiting in vain, or at a full queue: by then about half of those ahead have been
    /// served. Sooner there would be room for a few of all who come back.
    func retryAfterSeconds(expired sequence: ScheduledSequence) -> Int {
        expectedWaitSeconds(for: sequence).map { Self.seconds($0 / 2) } ?? Self.retryDefaultSeconds
    }

    /// Before anything was measured.
    private static let retryDefaultSeconds = 2
    private static let retrySecondsMax = 3600.0

    private static func seconds(_ value: Double) -> Int { Int(min(retrySecondsMax, max(1, value)).rounded(.up)) }

    /// Until a request that comes now has a place, if nobody else comes: what the scheduler would do, at the rates
    /// measured lately. nil before there are any.
    package func expectedWaitSeconds(for sequence: ScheduledSequence) -> Double? {
        if waiting.isEmpty && running.count < limits.sequencesMax { return 0 }
        guard load.prefillTokensPerSecond != nil else { return nil }
        var forecast = Forecast(self)
        return forecast.secondsUntilPlaced(sequence)
    }

    /// Until everything that was accepted is done; nil before anything was measured.
    package func backlogSeconds() -> Double? {
        if isIdle { return 0 }
        guard load.prefillTokensPerSecond != nil else { return nil }
        var forecast = Forecast(self)
        return forecast.secondsUntilIdle()
    }
}

extension LoadEstimate {
    /// Seconds of the machine that a sequence with pages will still take.
    func remainingSeconds(of sequence: ScheduledSequence) -> Double {
        let answer = expectedTokens(generated: sequence.generated, most: sequence.answerTokensMax)
        return Double(sequence.prefillTokensLeft) * prefillTokenSeconds + answer * decodeTokenSeconds
    }
}

extension ScheduledSequence {
    /// Prompt tokens that it will compute, as far as is known.
    var prefillTokensLeft: Int {
        if isPlaced { return remaining > 1 ? remaining : 0 }
        return pages.isEmpty ? uncachedTokens : max(1, tokens.count - path.count * KVStorage.pageTokens)
    }
}
