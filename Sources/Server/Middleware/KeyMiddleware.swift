import Foundation
import Hummingbird
import Logging
import Store

/// Lets in requests with a working key, when keys are required.
struct KeyMiddleware: RouterMiddleware {
    let store: Store
    let isRequired: Bool
    let logger: Logger

    func handle(
        _ request: Request, context: DanluContext, next: (Request, DanluContext) async throws -> Response
    ) async throws -> Response {
        guard isRequired else { return try await next(request, context) }
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else {
            throw APIError.unauthorized(
                "A key is needed: send 'Authorization: Bearer KEY'. `danlu keys create` makes one.")
        }
        let text = String(header.dropFirst("bearer ".count)).trimmingCharacters(in: .whitespaces)
        guard let key = try await store.key(matching: text) else {
            throw APIError.unauthorized("This key is not valid.")
        }
        do {
            try await store.noteUse(of: key)
        } catch {
            // A full disk is no reason to refuse a key.
            logger.warning("use of a key not noted", metadata: ["error": "\(error)"])
        }
        var context = context
        context.owner = key.name
        return try await next(request, context)
    }
}
