import Assistant
import Foundation
import Hummingbird
import JSON

/// `GET /v1/models`, `GET /v1/models/{id}`, and the tokenizer as a service.
struct ModelsRoute {
    let service: AnswerService

    func list() async throws -> Response {
        .json(["object": "list", "data": .array(all)])
    }

    /// - Parameter path: the parts of the name, which may have slashes: written as they are, or as `%2F`.
    func one(_ path: [Substring]) async throws -> Response {
        let written = path.joined(separator: "/")
        let name = written.removingPercentEncoding ?? written
        guard let model = all.first(where: { $0["id"]?.string == name }) else { throw APIError.noModel(name) }
        return .json(model)
    }

    /// Models, and adapters as models that have a parent.
    private var all: [JSONValue] {
        service.shelf.entries.map { .object(Self.model($0.name, path: $0.path)) }
            + service.shelf.adapters.entries.map(Self.adapter)
    }

    static func adapter(_ entry: AdapterShelf.Entry) -> JSONValue {
        var model = model(entry.name, path: entry.path)
        model["parent"] = .string(entry.parent)
        return .object(model)
    }

    /// Names only: where a model's file lies is no client's business.
    private static func model(_ name: String, path: String) -> JSONObject {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let created = (attributes?[.modificationDate] as? Date).map { Int($0.timeIntervalSince1970) } ?? 0
        return ["id": .string(name), "object": "model", "created": .int(created), "owned_by": "danlu"]
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
        let tokens = try RequestFields.tokens(value, "tokens")
        let assistant = try await service.assistant(named: try body.string("model"))
        return .json(["content": .string(assistant.decode(tokens, special: true))])
    }
}
