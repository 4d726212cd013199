import HTTPTypes
import Hummingbird
import JSON

/// Writes server-sent events (WHATWG HTML, "Server-sent events").
struct EventStream {
    /// One event: its data, and its name where it has one.
    struct Message: Sendable, Equatable {
        var name: String?
        var data: JSONValue
    }

    private var writer: any ResponseBodyWriter
    private let pingSeconds: Double

    init(_ writer: any ResponseBodyWriter, pingSeconds: Double) {
        self.writer = writer
        self.pingSeconds = pingSeconds
    }

    /// `data:` on one line: serialised JSON has no line breaks.
    mutating func send(_ value: JSONValue, event: String? = nil) async throws {
        let name = event.map { "event: \($0)\n" } ?? ""
        try await writer.write(ByteBuffer(string: "\(name)data: \(value.serialized())\n\n"))
    }

    /// The line that ends OpenAI's streams.
    mutating func sendDone() async throws {
        try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
    }

    /// Sends what each element becomes, and a comment from time to time: a long prompt is silent for minutes, and a
    /// proxy must see life on the connection.
    mutating func relay<Source: AsyncSequence & Sendable>(
        _ source: Source, _ messages: (Source.Element) throws -> [Message]
    ) async throws where Source.Element: Sendable {
        for try await beat in source.withBeats(everySeconds: pingSeconds) {
            guard let element = beat else {
                try await writer.write(ByteBuffer(string: ": ping\n\n"))
                continue
            }
            for message in try messages(element) { try await send(message.data, event: message.name) }
        }
    }

    static let headers: HTTPFields = [
        .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache",
        // nginx buffers streams unless told not to.
        HTTPField.Name("X-Accel-Buffering")!: "no",
    ]
}

extension AsyncSequence where Self: Sendable, Element: Sendable {
    /// The elements as they come, and a nil every so many seconds. Ending the iteration ends the source's.
    func withBeats(everySeconds seconds: Double) -> AsyncThrowingStream<Element?, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        while (try? await Task.sleep(for: .seconds(seconds))) != nil { continuation.yield(nil) }
                    }
                    do {
                        for try await element in self { continuation.yield(element) }
                        continuation.finish()
                    } catch {
                        continuation.finish(throwing: error)
                    }
                    group.cancelAll()
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
