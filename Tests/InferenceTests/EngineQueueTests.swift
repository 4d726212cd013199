import Foundation
import Inference
import Synchronization
import Testing

@Suite struct EngineQueueTests {
    @Test func aReaderThatGoesAwayCancelsWithinAStep() async throws {
        let gate = DispatchSemaphore(value: 0)
        let test = try TestEngine(gate: gate)
        var stream: AsyncStream<GenerationEvent>? = try test.engine.generate(
            GenerationRequest(prompt: [1], maxTokens: 200, sampling: .greedy))
        for _ in 0..<4 { gate.signal() }
        try await test.wait { $0.steps == 4 }
        // The fifth step is under way.
        for _ in 0..<2000 where test.runner.record.steps.count < 5 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(stream != nil)
        stream = nil
        #expect(test.engine.statistics.finishedByCancellation == 1 && test.engine.statistics.running == 0)
        for _ in 0..<10 { gate.signal() }
        try await Task.sleep(for: .milliseconds(50))
        #expect(test.runner.record.steps.count == 5)
        #expect(try await test.answer([1], tokens: 1).end == .length)
    }

    @Test func aWaitingRequestIsRemovedAtOnce() async throws {
        let gate = DispatchSemaphore(value: 0)
        let test = try TestEngine(gate: gate) { $0.sequencesMax = 1 }
        let running = try test.engine.generate(GenerationRequest(prompt: [1], maxTokens: 2))
        try await test.wait { $0.running == 1 }
        let task = Task {
            await Answer(try test.engine.generate(GenerationRequest(prompt: [2], maxTokens: 2)))
        }
        try await test.wait { $0.waiting == 1 }
        task.cancel()
        try await test.wait { $0.waiting == 0 }
        #expect(test.engine.statistics.waiting == 0 && test.engine.statistics.finishedByCancellation == 1)
        for _ in 0..<2 { gate.signal() }
        #expect(await Answer(running).end == .length)
    }

    @Test func aFullQueueRefuses() async throws {
        let gate = DispatchSemaphore(value: 0)
        let test = try TestEngine(gate: gate) {
            $0.sequencesMax = 1
            $0.queueMax = 2
        }
        var streams = [try test.engine.generate(GenerationRequest(prompt: [1], maxTokens: 1))]
        try await test.wait { $0.running == 1 }
        for _ in 0..<2 { streams.append(try test.engine.generate(GenerationRequest(prompt: [1], maxTokens: 1))) }
        #expect(throws: EngineError.overloaded(retryAfterSeconds: 2)) {
            _ = try test.engine.generate(GenerationRequest(prompt: [1], maxTokens: 1))
        }
        await #expect(throws: EngineError.overloaded(retryAfterSeconds: 2)) { try await test.engine.embed([[1]]) }
        #expect(test.engine.statistics.overloaded == 2)
        for _ in 0..<3 { gate.signal() }
        for stream in streams { #expect(await Answer(stream).end == .length) }
    }

    @Test func aRequestThatWaitedTooLongIsToldSo() async throws {
        let gate = DispatchSemaphore(value: 0)
        let time = Time()
        let test = try TestEngine(
            gate: gate,
            {
                $0.sequencesMax = 1
                $0.queueSecondsMax = 10
            }, now: { time.seconds.withLock { $0 } })
        let running = try test.engine.generate(GenerationRequest(prompt: [1], maxTokens: 3))
        try await test.wait { $0.running == 1 }
        let late = try test.engine.generate(GenerationRequest(prompt: [2], maxTokens: 3))
        time.seconds.withLock { $0 = 11 }
        gate.signal()
        let answer = await Answer(late)
        guard case .overloaded(let seconds) = answer.end else {
            Issue.record("ended with \(String(describing: answer.end))")
            return
        }
        #expect(seconds >= 1 && answer.promptTokens == nil)
        for _ in 0..<2 { gate.signal() }
        #expect(await Answer(running).tokens.count == 3)
    }

    @Test func drainingFinishesWhatWasAccepted() async throws {
        let test = try TestEngine { $0.sequencesMax = 2 }
        let streams = try (0..<6).map {
            try test.engine.generate(GenerationRequest(prompt: [Int32($0)], maxTokens: 50, sampling: .greedy))
        }
        async let vectors = test.engine.embed((0..<20).map { [$0, 1, 2] })
        try await test.wait { $0.embeddings > 0 }
        await test.engine.shutdown(drainSecondsMax: .infinity)
        for (number, stream) in streams.enumerated() {
            #expect(await Answer(stream).tokens == test.runner.answer(to: [Int32(number)], tokens: 50))
        }
        #expect(try await vectors.count == 20)
        #expect(throws: EngineError.draining) {
            _ = try test.engine.generate(GenerationRequest(prompt: [1], maxTokens: 1))
        }
        await #expect(throws: EngineError.draining) { try await test.engine.embed([[1]]) }
        await test.engine.shutdown(drainSecondsMax: 0)
    }

    @Test func drainingCancelsWhatTakesTooLong() async throws {
        let test = try TestEngine(contextTokens: 1 << 20, cacheTokens: 1 << 20)
        let stream = try test.engine.generate(GenerationRequest(prompt: [1], maxTokens: 1_000_000, sampling: .greedy))
        try await test.wait { $0.running == 1 }
        await test.engine.shutdown(drainSecondsMax: 0.05)
        #expect(await Answer(stream).end == .cancelled)
    }

    @Test func anEngineThatIsDroppedEndsItsThread() async throws {
        weak var runner: RecitingRunner?
        let stream: AsyncStream<GenerationEvent>
        do {
            let test = try TestEngine(contextTokens: 1 << 20, cacheTokens: 1 << 20)
            runner = test.runner
            stream = try test.engine.generate(GenerationRequest(prompt: [1], maxTokens: 1_000_000))
        }
        #expect(await Answer(stream).end == .cancelled)
        for _ in 0..<2000 where runner != nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(runner == nil)
    }
}

/// A clock that stands still until it is set.
private final class Time: Sendable {
    let seconds = Mutex(0.0)
}
