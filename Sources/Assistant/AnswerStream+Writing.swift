import Inference

extension AnswerStream {
    /// Runs a writer over what the engine generates. The engine's stream ends, and with it the computing, when the
    /// reader of the result goes away, when a stop string is met, or when time is up.
    static func write(
        _ generated: AsyncStream<GenerationEvent>, with writer: AnswerWriter, secondsMax: Double?
    ) -> AsyncThrowingStream<AnswerEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await forward(generated, with: writer) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            // A timer of its own: a request may wait for its turn without any event.
            let timer = secondsMax.flatMap { seconds -> Task<Void, any Error>? in
                guard seconds < timerSecondsMax else { return nil }
                return Task {
                    try await Task.sleep(for: .seconds(Swift.max(0, seconds)))
                    continuation.finish(throwing: AssistantError.deadlineExceeded(seconds: seconds))
                }
            }
            continuation.onTermination = { _ in
                task.cancel()
                timer?.cancel()
            }
        }
    }

    /// A limit this far off is none; a duration cannot hold infinity.
    private static let timerSecondsMax = 1e9

    private static func forward(
        _ generated: AsyncStream<GenerationEvent>, with writer: AnswerWriter, yield: (AnswerEvent) -> Void
    ) async throws {
        var writer = writer
        let clock = ContinuousClock()
        let began = clock.now
        var hasStarted = false
        func start() {
            guard !hasStarted else { return }
            hasStarted = true
            yield(writer.start())
        }
        for await event in generated {
            switch event {
            case .started(let prompt, let cached): writer.started(promptTokens: prompt, cachedTokens: cached)
            case .promptScores(let scores): writer.scorePrompt(scores)
            case .token(let id, let score):
                start()
                let seconds = (clock.now - began) / .seconds(1)
                for event in writer.token(id, score: score, seconds: seconds) { yield(event) }
                if writer.hasStopped {
                    for event in writer.finish(.stop) { yield(event) }
                    return
                }
            case .finished(let reason):
                let end = try AnswerEnd.Reason(reason)
                start()
                for event in writer.finish(end) { yield(event) }
                return
            }
        }
        try Task.checkCancellation()
        start()
        for event in writer.finish(.cancelled) { yield(event) }
    }
}
