/// How long a new request would wait, and when one that is refused should come back.
extension Scheduler {
    /// nil when a request can be taken; else the seconds after which trying again makes sense.
    func retryAfterSeconds() -> Int? {
        let isFull = waiting.count >= limits.queueMax
        guard let wait = expectedWaitSeconds() else { return isFull ? Self.retryDefaultSeconds : nil }
        if wait > limits.queueSecondsMax { return Self.seconds(wait - limits.queueSecondsMax) }
        // By then half of those who wait will have been served.
        return isFull ? Self.seconds(wait / 2) : nil
    }

    /// When to try again that waited in vain.
    package var retryAfterExpirySeconds: Int {
        expectedWaitSeconds().map { Self.seconds($0 / 2) } ?? Self.retryDefaultSeconds
    }

    /// Before anything was measured.
    private static let retryDefaultSeconds = 2
    private static let retrySecondsMax = 3600.0

    private static func seconds(_ value: Double) -> Int { Int(min(retrySecondsMax, max(1, value)).rounded(.up)) }

    /// From the work ahead and the rates measured lately; nil before there are any.
    ///
    /// A newcomer starts when those ahead, less the places there are, have ended.
    package func expectedWaitSeconds() -> Double? {
        let ahead = waiting.count + running.count
        guard ahead >= limits.sequencesMax || !waiting.isEmpty else { return 0 }
        let all = sequences.values
        let prefill = all.reduce(0) { $0 + ($1.remaining > 1 ? $1.remaining : 0) }
        let answers = all.map { $0.answerTokensMax - $0.generated }
        guard let work = load.seconds(prefillTokens: prefill, answersMax: answers) else { return nil }
        return work * Double(waiting.count + 1) / Double(ahead + 1)
    }
}
