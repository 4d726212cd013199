import Hummingbird

/// Tells a wrong method (405, with `Allow`) from a wrong path (404), and answers OPTIONS.
struct MethodMiddleware: RouterMiddleware {
    let routes: [(path: RouterPath, method: HTTPRequest.Method)]

    func handle(
        _ request: Request, context: DanluContext, next: (Request, DanluContext) async throws -> Response
    ) async throws -> Response {
        let allowed = methods(of: request.uri.path)
        if allowed.contains(request.method) { return try await next(request, context) }
        let place = "\(request.method.rawValue.prefix(20)) \(request.uri.path.prefix(200))"
        guard !allowed.isEmpty else {
            throw APIError(.notFound, "There is nothing at \(place).", code: "unknown_url")
        }
        let list = (allowed + [.options]).map(\.rawValue).joined(separator: ", ")
        if request.method == .options { return Response(status: .noContent, headers: [.allow: list]) }
        throw APIError(.methodNotAllowed, "\(place): this path takes \(list).", code: "method_not_allowed", allow: list)
    }

    private func methods(of path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        var methods: [HTTPRequest.Method] = []
        for route in routes where Self.matches(route.path, parts) {
            methods.append(route.method)
            if route.method == .get { methods.append(.head) }
        }
        return methods
    }

    private static func matches(_ path: RouterPath, _ parts: [Substring]) -> Bool {
        let elements = path.components
        if elements.last == .recursiveWildcard {
            let fixed = elements.dropLast()
            return parts.count > fixed.count && zip(fixed, parts).allSatisfy { $0 ~= $1 }
        }
        return elements.count == parts.count && zip(elements, parts).allSatisfy { $0 ~= $1 }
    }
}
