import Assistant
import Hummingbird
import JSON

/// `GET /v1/models`, `GET /v1/models/{id}`, and the tokenizer as a service.
struct ModelsRoute {
    let service: AnswerService

    func list() async throws -> Response {
        .json(["object": "list", "data": .array(await service.shelf.names.map(entry))])
    }

    func one(_ name: String) async throws -> Response {
        guard await service.shelf.names.contains(name) else { throw APIError.noModel(name) }
        return .json(entry(name))
    }

    private func entry(_ name: String) -> JSONValue {
        ["id": .string(name), "object": "model", "created": .int(0), "owned_by": "danlu"]
    }

    /// `POST /tokenize {content, add_special?, parse_special?}` gives `{tokens}`.
    func tokenize(_ request: Request) async throws -> Response {
        var request = request
        let body = try await service.body(of: &request)
        let text = try body.requiredString("content")
        let assistant = try await service.assistant(named: try body.string("model"))
        let tokens = assistant.encode(
            text, special: try body.bool("parse_special") ?? false, addBOS: try body.bool("add_special") ?? false)
        return .json(["tokens": .array(tokens.map { .int(Int($0)) })])
    }

    /// `POST /detokenize {tokens}` gives `{content}`.
    func detokenize(_ request: Request) async throws -> Response {
        var request = request
        let body = try await service.body(of: &request)
        guard let value = body.value("tokens") else { throw APIError.missing("tokens") }
        let tokens = try CompletionFields.tokens(value, "tokens")
        let assistant = try await service.assistant(named: try body.string("model"))
        return .json(["content": .string(assistant.decode(tokens, special: true))])
    }
}
