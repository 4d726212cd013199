import Assistant
import Foundation
import HTTPTypes
import Hummingbird
import Inference
import JSON
import Logging
import Store

/// What every route needs: the models, the store, the limits, a clock and identifiers.
struct AnswerService: Sendable {
    let shelf: ModelShelf
    let store: Store
    let limits: ServerLimits
    let lifecycle: Lifecycle
    let metrics: ServerMetrics
    let logger: Logger
    let makeID: @Sendable () -> String
    let unixSeconds: @Sendable () -> Int

    /// Throws once the server drains.
    func requireAccepting() throws {
        guard !lifecycle.isDraining else { throw AssistantError.draining }
    }

    /// - Parameter adapters: what `lora` of a request says; nil when it is not there.
    func assistant(named name: String?, with adapters: [AdapterChoice]? = nil) async throws -> Assistant {
        do {
            return try await shelf.assistant(named: name, with: adapters)
        } catch ModelShelf.Failure.unknown(let name) {
            throw APIError.noModel(name)
        } catch ModelShelf.Failure.unknownAdapter(let place) {
            throw APIError(
                .badRequest, "'lora[\(place)]': this model has no such adapter. GET /lora-adapters lists them.",
                parameter: "lora[\(place)]", code: "adapter_not_found")
        }
    }

    /// Runs a piece of work whose prompt came in a field of this name: that is what a prompt too long is blamed on.
    func blaming<Value>(_ field: String, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as AssistantError {
            guard case .contextExceeded = error else { throw error }
            var failure = APIError(error)
            failure.parameter = field
            throw failure
        }
    }

    /// Runs a piece of work that ends at once, with `CancellationError`, when the client hangs up.
    func whileConnected<Value: Sendable>(
        _ request: Request, _ work: () async throws -> Value
    ) async throws -> Value {
        try await request.body.consumeWithCancellationOnInboundClose { _ in try await work() }
    }

    /// A response of server-sent events. A failure after the first byte becomes an event, as the status is sent.
    func eventStream(
        _ request: Request, _ write: @escaping @Sendable (inout EventStream) async throws -> Void
    ) -> Response {
        let body = ResponseBody { writer in
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                var stream = EventStream(writer, pingSeconds: limits.streamPingSeconds)
                do {
                    try await write(&stream)
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    logger.error("answer failed", metadata: ["error": "\(error)"])
                    try await stream.send(APIError(error).json)
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: EventStream.headers, body: body).closing()
    }
}

extension Response {
    /// How much room there is, under the names that OpenAI's clients read. There is no quota of tokens to tell of.
    func telling(_ queue: QueueState) -> Response {
        var response = self
        response.headers[.rateLimitRequests] = String(queue.requestsMax)
        response.headers[.rateLimitRemainingRequests] = String(queue.requestsFree)
        if let seconds = queue.backlogSeconds {
            response.headers[.rateLimitResetRequests] = "\(Int(min(seconds, 1e6).rounded(.up)))s"
        }
        return response
    }

    /// Watching for a hang-up reads ahead on the connection, so it cannot be used again; this says so to the client.
    func closing() -> Response {
        var response = self
        response.headers[.connection] = "close"
        return response
    }
}

extension Sequence where Self: Sendable {
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}

extension HTTPField.Name {
    static let rateLimitRequests = Self("x-ratelimit-limit-requests")!
    static let rateLimitRemainingRequests = Self("x-ratelimit-remaining-requests")!
    static let rateLimitResetRequests = Self("x-ratelimit-reset-requests")!
}
