import Assistant
import Hummingbird
import JSON
import NIOCore

extension AnswerService {
    /// Reads a JSON object from the body: at most `requestBytesMax` of it, within `bodySecondsMax`.
    func body(of request: inout Request) async throws -> RequestFields {
        try checkHeaders(request)
        let (body, limits) = (request.body, limits)
        let buffer: ByteBuffer
        do {
            buffer = try await Self.within(seconds: limits.bodySecondsMax) {
                try await body.collect(upTo: limits.requestBytesMax)
            }
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch is DeadlineError {
            throw APIError(
                .requestTimeout, "The body did not arrive within \(Int(limits.bodySecondsMax)) s.", code: "body_timeout"
            )
        }
        request.body = RequestBody(buffer: buffer)
        let json = JSONLimits(depthMax: limits.jsonDepthMax, bytesMax: limits.requestBytesMax)
        return try RequestFields(JSONValue(parsing: buffer.readableBytesView, limits: json))
    }

    /// Refuses what would not be read as it was meant, before any of it is read.
    private func checkHeaders(_ request: Request) throws {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.requestBytesMax {
            throw tooLarge
        }
        // Nothing is inflated here, so there is nothing that a small body could blow up.
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw APIError(
                .unsupportedMediaType, "Content-Encoding '\(encoding.prefix(40))' is not supported. Send plain JSON.",
                code: "unsupported_encoding")
        }
        if let type = request.headers[.contentType], !Self.isJSON(type) {
            throw APIError(
                .unsupportedMediaType, "Content-Type '\(type.prefix(80))' is not supported, only application/json.",
                code: "unsupported_media_type")
        }
    }

    private static func isJSON(_ type: String) -> Bool {
        let name = type.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
        return name == "application/json" || name.hasSuffix("+json")
    }

    private var tooLarge: APIError {
        APIError(
            .contentTooLarge, "The body is larger than the limit of \(limits.requestBytesMax) bytes.",
            code: "request_too_large")
    }

    struct DeadlineError: Error {}

    /// Runs a piece of work that is cancelled when it takes too long. Throws `DeadlineError` then.
    static func within<Value: Sendable>(
        seconds: Double, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else { throw DeadlineError() }
            return value
        }
    }
}
