import Hummingbird
import JSON

/// Writes server-sent events (WHATWG HTML, "Server-sent events").
struct EventStream {
    private var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    /// `data:` on one line: serialised JSON has no line breaks.
    mutating func send(_ value: JSONValue, event: String? = nil) async throws {
        let name = event.map { "event: \($0)\n" } ?? ""
        try await writer.write(ByteBuffer(string: "\(name)data: \(value.serialized())\n\n"))
    }

    /// The line that ends OpenAI's streams.
    mutating func sendDone() async throws {
        try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
    }

    /// A comment, so that a proxy sees life on a silent stream.
    mutating func ping() async throws {
        try await writer.write(ByteBuffer(string: ": ping\n\n"))
    }

    static let headers: HTTPFields = [
        .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache",
        // nginx buffers streams unless told not to.
        HTTPField.Name("X-Accel-Buffering")!: "no",
    ]
}
