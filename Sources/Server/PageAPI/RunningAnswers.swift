import Assistant
import Dialogue
import Foundation
import JSON
import Logging
import Store
import Synchronization

/// Something that happens to an answer of the page: the name of its server-sent event, and its data.
struct PageEvent: Sendable {
    var name: String
    var data: JSONValue
}

/// The answers being written for the page. They belong to the conversation, not to the connection: a reload joins
/// them again, and only stopping, finishing or shutting down ends them.
actor RunningAnswers {
    /// Somebody sits before the page: ahead of what programs with the same key ask for.
    private static let priority = -1

    private let service: AnswerService
    private var running: [String: RunningAnswer] = [:]

    init(service: AnswerService) { self.service = service }

    /// Starts an answer to the branch that ends in `parent`, and returns its events from the first.
    func start(
        _ conversation: ConversationRecord, parent: String, owner: String
    ) async throws -> AsyncStream<PageEvent> {
        let assistant = try await service.assistant(named: conversation.model)
        let chat = try await request(conversation, leaf: parent, owner: owner)
        let stream = try await assistant.chat(chat)
        let record = try await service.store.addMessage(
            to: conversation.id, parent: parent, role: .assistant, content: "", status: .streaming,
            model: assistant.name)
        let answer = RunningAnswer(record: record, store: service.store, logger: service.logger)
        running[record.id] = answer
        let events = answer.subscribe()
        answer.run(stream) { await self.remove(record.id) }
        return events
    }

    /// Joins an answer that is still being written; nil when it is not.
    func join(_ message: String) -> AsyncStream<PageEvent>? { running[message]?.subscribe() }

    func stop(_ message: String) { running[message]?.stop() }

    /// Stops what is being written in a conversation, and waits for it: nobody may write where nothing is any more.
    func stopAll(in conversation: String) async {
        let answers = running.values.filter { $0.conversation == conversation }
        for answer in answers { answer.stop() }
        for answer in answers { await answer.value() }
    }

    /// Stops whatever still runs and waits until it is written down.
    func finish() async {
        for answer in running.values { answer.stop() }
        for answer in running.values { await answer.value() }
    }

    private func remove(_ message: String) { running[message] = nil }

    private func request(
        _ conversation: ConversationRecord, leaf: String, owner: String
    ) async throws -> ChatRequest {
        var messages: [Message] = []
        if !conversation.system.isEmpty { messages.append(Message(role: .system, content: conversation.system)) }
        for record in try await service.store.branch(endingIn: leaf, limit: service.limits.messagesMax) {
            messages.append(Message(role: record.role, content: record.content))
        }
        let settings = try RequestFields(conversation.sampling, path: "sampling")
        return ChatRequest(
            messages: messages, sampling: try settings.sampling(service.limits),
            tokensMax: try settings.int("max_tokens", in: 1...Int(Int32.max)), overflow: .dropOldestTurns,
            owner: owner, priority: Self.priority, secondsMax: service.limits.requestSecondsMax)
    }
}

/// One answer while it is written: its text so far, and who listens.
final class RunningAnswer: Sendable {
    private struct State {
        var record: MessageRecord
        var listeners: [Int: AsyncStream<PageEvent>.Continuation] = [:]
        var nextListener = 0
        var task: Task<Void, Never>?
        var isStopped = false
    }

    /// How often the text so far is written down; what a crash loses at most.
    static let saveInterval = Duration.milliseconds(500)
    /// A listener that reads slower than this many events behind is dropped; it can join again.
    static let listenerEventsMax = 4096

    let conversation: String
    private let state: Mutex<State>
    private let store: Store
    private let logger: Logger

    init(record: MessageRecord, store: Store, logger: Logger) {
        conversation = record.conversation
        state = Mutex(State(record: record))
        self.store = store
        self.logger = logger
    }

    /// The answer as it is now, as a `snapshot`, then everything that follows.
    func subscribe() -> AsyncStream<PageEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PageEvent.self, bufferingPolicy: .bufferingOldest(Self.listenerEventsMax))
        let place = state.withLock { state in
            let name = state.record.content.isEmpty && state.record.reasoning.isEmpty ? "start" : "snapshot"
            continuation.yield(PageEvent(name: name, data: PageJSON.message(state.record)))
            state.listeners[state.nextListener] = continuation
            state.nextListener += 1
            return state.nextListener - 1
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: place) }
        }
        return stream
    }

    func run(_ stream: AnswerStream, whenDone: @escaping @Sendable () async -> Void) {
        let task = Task {
            await write(stream)
            await whenDone()
        }
        state.withLock { $0.task = task }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.task?.cancel()
        }
    }

    func value() async { await state.withLock { $0.task }?.value }

    private func write(_ stream: AnswerStream) async {
        let clock = ContinuousClock()
        var saved = clock.now
        var end: AnswerEnd?
        var failure: String?
        do {
            for try await event in stream {
                switch event {
                case .text(let text, _): publish("delta", ["text": .string(text)]) { $0.content += text }
                case .reasoning(let text): publish("reasoning", ["text": .string(text)]) { $0.reasoning += text }
                case .finished(let last): end = last
                case .started, .toolCallStarted, .toolCallArguments: break
                }
                if clock.now - saved > Self.saveInterval {
                    let record = state.withLock { $0.record }
                    try await store.updateAnswer(record.id, content: record.content, reasoning: record.reasoning)
                    saved = clock.now
                }
            }
        } catch is CancellationError {
        } catch {
            logger.error("answer failed", metadata: ["error": "\(error)"])
            failure = APIError(error).message
        }
        await finish(end, failure)
    }

    private func status(_ end: AnswerEnd?, _ failure: String?, isStopped: Bool) -> MessageStatus {
        if failure != nil { return .failed }
        if isStopped { return .stopped }
        switch end?.reason {
        // The engine was shut down before the answer was over.
        case .cancelled: return .interrupted
        case .length: return .limited
        case .stop, .toolCalls, nil: return .complete
        }
    }

    private func finish(_ end: AnswerEnd?, _ failure: String?) async {
        let (record, isStopped) = state.withLock { ($0.record, $0.isStopped) }
        let status = status(end, failure, isStopped: isStopped)
        let counts = (end?.usage).map {
            AnswerUsage(
                promptTokens: $0.prompt, cachedTokens: $0.cached, completionTokens: $0.completion,
                tokensPerSecond: $0.tokensPerSecond, firstTokenMilliseconds: $0.firstTokenSeconds * 1000)
        }
        do {
            // Not in the cancelled task: the partial answer must be written down.
            let written = try await Task { [store] in
                try await store.finishAnswer(
                    record.id, content: record.content, reasoning: record.reasoning, status: status, error: failure,
                    usage: counts)
            }.value
            publish("end", PageJSON.message(written)) { $0 = written }
        } catch {
            // The conversation may have been deleted meanwhile.
            logger.warning("answer not written", metadata: ["error": "\(error)"])
            publish("error", ["message": "The answer could not be written down.", "code": "not_saved"]) { _ in }
        }
        let listeners = state.withLock { state in
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }

    private func publish(_ name: String, _ data: JSONValue, _ change: (inout MessageRecord) -> Void) {
        let listeners = state.withLock { state in
            change(&state.record)
            return Array(state.listeners.values)
        }
        for listener in listeners {
            if case .dropped = listener.yield(PageEvent(name: name, data: data)) { listener.finish() }
        }
    }
}
