/// The events of one answer. Ending the iteration, or cancelling the task that iterates, stops the answer.
public struct AnswerStream: AsyncSequence, Sendable {
    public typealias Element = AnswerEvent
    let events: AsyncThrowingStream<AnswerEvent, any Error>

    public func makeAsyncIterator() -> AsyncThrowingStream<AnswerEvent, any Error>.Iterator {
        events.makeAsyncIterator()
    }

    /// Several answers as they come, each event with the number of its answer.
    public static func merged(_ streams: [AnswerStream]) -> AsyncThrowingStream<(Int, AnswerEvent), any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for (place, stream) in streams.enumerated() {
                            group.addTask {
                                for try await event in stream { continuation.yield((place, event)) }
                            }
                        }
                        try await group.waitForAll()
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
