import Hummingbird
import JSON
import Logging
import Store

/// Turns every error into OpenAI's JSON shape, in one place, and counts and logs responses.
struct ErrorMiddleware: RouterMiddleware {
    let metrics: ServerMetrics

    func handle(
        _ request: Request, context: DanluContext, next: (Request, DanluContext) async throws -> Response
    ) async throws -> Response {
        do {
            let response = try await next(request, context)
            metrics.countResponse(status: response.status.code)
            return response
        } catch is CancellationError {
            // The client hung up: nobody reads this.
            metrics.countResponse(status: 499)
            return Response(status: .init(code: 499, reasonPhrase: "Client Closed Request"))
        } catch {
            let failure = APIError(error)
            if failure.status.code >= 500 { context.logger.error("request failed", metadata: ["error": "\(error)"]) }
            metrics.countResponse(status: failure.status.code)
            return try failure.response(from: request, context: context)
        }
    }
}

/// Lets in requests with a working key, when keys are required.
struct KeyMiddleware: RouterMiddleware {
    let store: Store
    let isRequired: Bool

    func handle(
        _ request: Request, context: DanluContext, next: (Request, DanluContext) async throws -> Response
    ) async throws -> Response {
        guard isRequired else { return try await next(request, context) }
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else {
            throw APIError.unauthorized("A key is needed: send 'Authorization: Bearer KEY'. `danlu keys create` makes one.")
        }
        let text = String(header.dropFirst("bearer ".count)).trimmingCharacters(in: .whitespaces)
        guard let key = try await store.key(matching: text) else { throw APIError.unauthorized("This key is not valid.") }
        try await store.noteUse(ofKey: key.id)
        var context = context
        context.owner = key.id
        return try await next(request, context)
    }
}

/// Refuses a page of another site that talks to this server through the reader's browser: a name that is not ours
/// (DNS rebinding) or a foreign origin. CORS is off unless the operator names an origin.
struct OriginMiddleware: RouterMiddleware {
    let allowedOrigins: Set<String>
    /// Host names that a loopback server answers to; nil accepts any.
    let allowedHosts: Set<String>?

    func handle(
        _ request: Request, context: DanluContext, next: (Request, DanluContext) async throws -> Response
    ) async throws -> Response {
        let host = request.head.authority ?? ""
        if let allowedHosts, !allowedHosts.contains(Self.name(of: host)) {
            throw APIError(.forbidden, "This server does not answer to the name '\(host.prefix(100))'.", code: "wrong_host")
        }
        guard let origin = request.headers[.origin], origin != "http://\(host)", origin != "https://\(host)" else {
            return try await next(request, context)
        }
        guard allowedOrigins.contains(origin) else {
            throw APIError(
                .forbidden, "Pages of '\(origin.prefix(100))' may not use this server. `danlu serve --allow-origin` lets them.",
                code: "foreign_origin")
        }
        var response = request.method == .options ? Response(status: .noContent) : try await next(request, context)
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlAllowHeaders] = "authorization, content-type"
        response.headers[.accessControlAllowMethods] = "GET, POST, PUT, PATCH, DELETE"
        response.headers[.vary] = "Origin"
        return response
    }

    private static func name(of host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]).lowercased() }
        return host.split(separator: ":", maxSplits: 1).first.map { $0.lowercased() } ?? ""
    }
}
