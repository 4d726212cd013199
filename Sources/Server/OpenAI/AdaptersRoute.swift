import Assistant
import Hummingbird
import JSON

/// Adapters as vLLM's clients load them and llama.cpp's list them. What may be loaded lies in one folder that the
/// operator named; who loaded an adapter may let it go again, and nobody else.
struct AdaptersRoute {
    let service: AnswerService
    /// Nil when the operator named none.
    let folder: AdaptersFolder?

    /// `GET /lora-adapters`: the ids that a request's `lora` may name. No scale is in force but a request's own.
    func list() -> Response {
        .json(
            .array(
                service.shelf.adapters.entries.map { entry in
                    [
                        "id": .int(entry.id), "name": .string(entry.name), "parent": .string(entry.parent), "scale": 0,
                    ]
                }))
    }

    /// `POST /v1/load_lora_adapter {lora_name, lora_path}`: the path is one inside the folder.
    func load(_ request: Request, _ context: DanluContext) async throws -> Response {
        try service.requireAccepting()
        let folder = try requireFolder()
        var request = request
        let body = try await service.body(of: &request)
        let name = try body.requiredString("lora_name")
        let path = try folder.path(of: try body.requiredString("lora_path"))
        do {
            let entry = try await service.shelf.loadAdapter(
                name: name, path: path, parent: try body.string("base_model_name"), owner: context.owner)
            service.logger.notice("adapter loaded", metadata: ["name": "\(entry.name)", "path": "\(path)"])
            return .json(ModelsRoute.adapter(entry))
        } catch ModelShelf.Failure.unknown(let name) {
            throw APIError.noModel(name)
        } catch AssistantError.adapter(_, let reason) {
            service.logger.notice("adapter refused", metadata: ["path": "\(path)", "reason": "\(reason)"])
            throw APIError(
                .badRequest, "The adapter cannot be used: \(folder.shown(reason))", parameter: "lora_path",
                code: "adapter_error")
        }
    }

    /// `POST /v1/unload_lora_adapter {lora_name}`. Answers that are being written with it are finished with it.
    func unload(_ request: Request, _ context: DanluContext) async throws -> Response {
        _ = try requireFolder()
        var request = request
        let name = try await service.body(of: &request).requiredString("lora_name")
        do {
            try service.shelf.unloadAdapter(name: name, owner: context.owner)
        } catch ModelShelf.Failure.unknown {
            throw APIError(
                .notFound, "There is no adapter '\(name.prefix(100))' here.", parameter: "lora_name",
                code: "adapter_not_found")
        } catch ModelShelf.Failure.notYours {
            throw APIError(
                .forbidden, "The adapter '\(name.prefix(100))' was loaded by somebody else.", parameter: "lora_name",
                code: "not_yours")
        }
        service.logger.notice("adapter unloaded", metadata: ["name": "\(name)"])
        return .json(["id": .string(name), "object": "model", "deleted": true])
    }

    private func requireFolder() throws -> AdaptersFolder {
        guard let folder else {
            throw APIError(
                .forbidden, "This server loads no adapters on request. `danlu serve --adapters-folder` lets it.",
                code: "adapters_disabled")
        }
        return folder
    }
}
