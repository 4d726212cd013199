import HTTPTypes
import Hummingbird
import JSON
import Logging

/// Turns every error into OpenAI's JSON shape, in one place; counts, names and logs requests.
struct ErrorMiddleware: RouterMiddleware {
    let metrics: ServerMetrics
    let makeID: @Sendable () -> String

    static let requestID = HTTPField.Name("X-Request-Id")!

    func handle(
        _ request: Request, context: DanluContext, next: (Request, DanluContext) async throws -> Response
    ) async throws -> Response {
        let (start, id) = (ContinuousClock.now, "req_\(makeID())")
        var response = try await response(to: request, context, next)
        metrics.countResponse(status: response.status.code)
        response.headers[Self.requestID] = id
        response.headers[.xContentTypeOptions] = "nosniff"
        // Not the query: it holds what people search for.
        context.logger.info(
            "request",
            metadata: [
                "id": "\(id)", "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": "\(response.status.code)", "seconds": "\((ContinuousClock.now - start) / .seconds(1))",
            ])
        return response
    }

    private func response(
        to request: Request, _ context: DanluContext, _ next: (Request, DanluContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch is CancellationError {
            // The client hung up: nobody reads this.
            return Response(status: .init(code: 499, reasonPhrase: "Client Closed Request"))
        } catch {
            return try APIError.response(to: error, request, context)
        }
    }
}
