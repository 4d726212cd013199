/// Telling the reader. Never under the engine's lock: a reader that goes away calls back.
extension ActiveRequest {
    func report(_ events: [GenerationEvent]) {
        guard case .events(let continuation) = sink else { return }
        for event in events { continuation.yield(event) }
    }

    func report(_ outcome: StepOutcome) {
        report(outcome.events)
        if let embedding = outcome.embedding, case .embedding(let continuation) = sink {
            continuation.yield(.success(embedding))
            continuation.finish()
        } else if let end = outcome.end {
            finish(end)
        }
    }

    func finish(_ reason: FinishReason) {
        switch sink {
        case .events(let continuation):
            continuation.yield(.finished(reason))
            continuation.finish()
        case .embedding(let continuation):
            let error: EngineError =
                switch reason {
                case .failed(let text): .failed(text)
                case .overloaded(let seconds): .overloaded(retryAfterSeconds: seconds)
                case .stop, .length, .cancelled: .cancelled
                }
            continuation.yield(.failure(error))
            continuation.finish()
        }
    }
}
