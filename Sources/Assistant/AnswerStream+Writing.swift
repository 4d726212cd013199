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
                    try await forward(generated, with: writer, secondsMax: secondsMax) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private static func forward(
        _ generated: AsyncStream<GenerationEvent>, with writer: AnswerWriter, secondsMax: Double?,
        yield: (AnswerEvent) -> Void
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
            let seconds = (clock.now - began) / .seconds(1)
            if let secondsMax, seconds > secondsMax { throw AssistantError.deadlineExceeded(seconds: secondsMax) }
            switch event {
            case .started(let prompt, let cached): writer.started(promptTokens: prompt, cachedTokens: cached)
            case .promptScores(let scores): writer.scorePrompt(scores)
            case .token(let id, let score):
                start()
                for event in writer.token(id, score: score, seconds: seconds) { yield(event) }
                if writer.hasStopped {
                    for event in writer.finish(.stop) { yield(event) }
                    return
                }
            case .finished(let reason):
                start()
                for event in writer.finish(try AnswerEnd.Reason(reason)) { yield(event) }
                return
            }
        }
        try Task.checkCancellation()
        start()
        for event in writer.finish(.cancelled) { yield(event) }
    }
}
