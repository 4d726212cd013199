import Hummingbird

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
            throw APIError(
                .forbidden, "This server does not answer to the name '\(host.prefix(100))'.", code: "wrong_host")
        }
        guard let origin = request.headers[.origin], origin != "http://\(host)", origin != "https://\(host)" else {
            return try await next(request, context)
        }
        guard allowedOrigins.contains(origin) else {
            throw APIError(
                .forbidden,
                "Pages of '\(origin.prefix(100))' may not use this server. `danlu serve --allow-origin` lets them.",
                code: "foreign_origin")
        }
        var response = try await respond(request, context, next)
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.vary] = "Origin"
        return response
    }

    /// An error must carry the headers too, or the page could not read it.
    private func respond(
        _ request: Request, _ context: DanluContext, _ next: (Request, DanluContext) async throws -> Response
    ) async throws -> Response {
        if request.method == .options {
            return Response(
                status: .noContent,
                headers: [
                    .accessControlAllowHeaders: "authorization, content-type",
                    .accessControlAllowMethods: "GET, POST, PUT, PATCH, DELETE", .accessControlMaxAge: "600",
                ])
        }
        do {
            return try await next(request, context)
        } catch let error where !(error is CancellationError) {
            return try APIError.response(to: error, request, context)
        }
    }

    private static func name(of host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]).lowercased() }
        return host.split(separator: ":", maxSplits: 1).first.map { $0.lowercased() } ?? ""
    }
}
