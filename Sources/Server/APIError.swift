import Assistant
import Hummingbird
import JSON
import Store

/// A refusal in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}` with the status that goes with it.
struct APIError: Error, Equatable {
    var status: HTTPResponse.Status
    var message: String
    var type: String
    var parameter: String?
    var code: String?
    var retryAfterSeconds: Int?
    /// The methods that a path takes, where another was used.
    var allow: String?

    init(
        _ status: HTTPResponse.Status, _ message: String, type: String = "invalid_request_error",
        parameter: String? = nil, code: String? = nil, retryAfterSeconds: Int? = nil, allow: String? = nil
    ) {
        self.status = status
        self.message = message
        self.type = type
        self.parameter = parameter
        self.code = code
        self.retryAfterSeconds = retryAfterSeconds
        self.allow = allow
    }

    var json: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type),
                "param": parameter.map(JSONValue.string) ?? .null, "code": code.map(JSONValue.string) ?? .null,
            ]
        ]
    }
}

extension APIError: HTTPResponseError {
    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = Response.json(json, status: status)
        if let retryAfterSeconds { response.headers[.retryAfter] = String(retryAfterSeconds) }
        if status == .tooManyRequests, let retryAfterSeconds {
            response.headers[.rateLimitRemainingRequests] = "0"
            response.headers[.rateLimitResetRequests] = "\(retryAfterSeconds)s"
        }
        if let allow { response.headers[.allow] = allow }
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    /// What a client reads of an error; what it may not read goes to the log.
    static func response(to error: any Error, _ request: Request, _ context: some RequestContext) throws -> Response {
        let failure = APIError(error)
        if failure.status.code >= 500 { context.logger.error("request failed", metadata: ["error": "\(error)"]) }
        return try failure.response(from: request, context: context)
    }
}

extension APIError {
    static func invalid(_ parameter: String, _ message: String) -> APIError {
        APIError(.badRequest, "'\(parameter)': \(message)", parameter: parameter, code: "invalid_value")
    }

    static func unsupported(_ parameter: String, _ message: String) -> APIError {
        APIError(.badRequest, "'\(parameter)': \(message)", parameter: parameter, code: "unsupported_parameter")
    }

    static func wrongType(_ parameter: String, expected: String, got: JSONValue) -> APIError {
        APIError(
            .badRequest, "Invalid type for '\(parameter)': expected \(expected), but got \(got.kind) instead.",
            parameter: parameter, code: "invalid_type")
    }

    static func missing(_ parameter: String) -> APIError {
        APIError(
            .badRequest, "Missing required parameter: '\(parameter)'.", parameter: parameter,
            code: "missing_required_parameter")
    }

    static func noModel(_ name: String) -> APIError {
        APIError(
            .notFound, "The model '\(name.prefix(100))' does not exist here. GET /v1/models lists what does.",
            parameter: "model", code: "model_not_found")
    }

    static func unauthorized(_ message: String) -> APIError {
        APIError(.unauthorized, message, code: "invalid_api_key")
    }

    /// The one place where errors of the layers below become statuses.
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as AssistantError: self.init(assistant: error)
        case let error as StoreError: self.init(store: error)
        case let error as JSONError: self.init(.badRequest, "The body is \(error).", code: "invalid_json")
        case let error as HTTPError: self.init(error.status, error.body ?? error.status.reasonPhrase)
        // What went wrong inside is for the log, not for a client.
        default: self.init(.internalServerError, "The server failed. Its log says why.", type: "server_error")
        }
    }

    private init(assistant error: AssistantError) {
        let message = error.description
        switch error {
        case .contextExceeded:
            self.init(.badRequest, message, parameter: "messages", code: "context_length_exceeded")
        case .promptTooLong: self.init(.contentTooLarge, message, code: "prompt_too_long")
        case .invalidRequest(let field, _): self.init(.badRequest, message, parameter: field, code: "invalid_value")
        case .overloaded(let seconds):
            self.init(
                .tooManyRequests, message, type: "rate_limit_error", code: "overloaded", retryAfterSeconds: seconds)
        case .draining:
            self.init(.serviceUnavailable, message, type: "server_error", code: "draining", retryAfterSeconds: 5)
        case .deadlineExceeded: self.init(.gatewayTimeout, message, type: "server_error", code: "timeout")
        case .template: self.init(.badRequest, message, parameter: "messages", code: "template_error")
        // Where a file lies is for the log, not for a client.
        case .cannotLoad:
            self.init(
                .internalServerError, "The model could not be loaded. The server's log says why.", type: "server_error",
                code: "cannot_load")
        case .adapter: self.init(.badRequest, message, parameter: "lora", code: "adapter_error")
        case .engine: self.init(.internalServerError, message, type: "server_error", code: "engine_error")
        }
    }

    private init(store error: StoreError) {
        switch error {
        case .notFound: self.init(.notFound, error.description, code: "not_found")
        case .tooLarge(let field, _, _):
            self.init(.contentTooLarge, error.description, parameter: field, code: "too_large")
        case .invalid(let field, _): self.init(.badRequest, error.description, parameter: field, code: "invalid_value")
        // A path is for the log, not for a client.
        case .diskFull:
            self.init(
                .init(code: 507, reasonPhrase: "Insufficient Storage"), "The server's disk is full.",
                type: "server_error",
                code: "disk_full")
        case .readOnly, .busy, .cannotOpen, .fromNewerVersion, .failed:
            self.init(
                .internalServerError, "The server's database failed. Its log says why.", type: "server_error",
                code: "database_error")
        }
    }
}

extension Response {
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.serialized())))
    }
}
