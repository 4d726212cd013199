import Assistant
import Dialogue
import Foundation
import Hummingbird
import JSON
import Provenance
import Store

/// What the chat page asks of the server: `/api/…`, described in docs/page-api.md.
struct PageAPI {
    let service: AnswerService
    let answers: RunningAnswers
    /// Nil when the server was not given the index of a corpus.
    let corpus: CorpusIndex?
    let version: String

    func add(to group: RouterGroup<DanluContext>) {
        group.get("about") { _, _ in try await about() }
        group.get("conversations") { try await list($0, $1) }
        group.post("conversations") { try await create($0, $1) }
        group.get("conversations/:id") { _, context in
            Response.json(PageJSON.conversation(try await conversation(context)))
        }
        group.patch("conversations/:id") { try await change($0, $1) }
        group.delete("conversations/:id") { _, context in
            let id = try await conversation(context).id
            await answers.stopAll(in: id)
            try await service.store.deleteConversation(id)
            return Response(status: .noContent)
        }
        group.get("conversations/:id/messages") { try await page($0, $1) }
        group.post("conversations/:id/messages") { try await ask($0, $1) }
        group.get("conversations/:id/export") { try await export($0, try await conversation($1)) }
        group.post("messages/:id/regenerate") { try await regenerate($0, $1) }
        group.post("messages/:id/stop") { _, context in
            await answers.stop(try await message(context).id)
            return Response(status: .noContent)
        }
        group.get("messages/:id/stream") { try await join($0, $1) }
        group.get("messages/:id/trace") { _, context in try await trace(try await message(context)) }
        group.put("messages/:id/rating") { try await rate($0, $1) }
        group.delete("messages/:id/rating") { _, context in
            Response.json(PageJSON.message(try await service.store.rate(try await message(context).id, nil)))
        }
        group.patch("messages/:id/branch") { _, context in
            Response.json([
                "leaf": .string(try await service.store.showBranch(through: try await message(context).id))
            ])
        }
    }

    /// The conversation that a path names. Another's is as if it were not there.
    private func conversation(_ context: DanluContext) async throws -> ConversationRecord {
        let id = try context.parameters.require("id")
        let record = try await service.store.conversation(id)
        guard record.owner == context.owner else { throw StoreError.notFound(what: "conversation", id: id) }
        return record
    }

    /// The message that a path names, when its conversation is the asker's own.
    private func message(_ context: DanluContext) async throws -> MessageRecord {
        let id = try context.parameters.require("id")
        let record = try await service.store.message(id)
        guard try await service.store.conversation(record.conversation).owner == context.owner else {
            throw StoreError.notFound(what: "message", id: id)
        }
        return record
    }

    private func about() async throws -> Response {
        let loaded = Dictionary(
            await service.shelf.loadedAssistants().map { ($0.name, $0.description) }, uniquingKeysWith: { $1 })
        let parents = Dictionary(
            service.shelf.adapters.entries.map { ($0.name, $0.parent) }, uniquingKeysWith: { $1 })
        let models = service.shelf.names.map { name -> JSONValue in
            var model = JSONObject([("id", .string(name))])
            model["parent"] = parents[name].map(JSONValue.string)
            if let description = loaded[parents[name] ?? name] {
                model["parameters"] = .int(description.parameters)
                model["quantization"] = .string(description.quantization)
                model["context_length"] = .int(description.contextTokens)
            }
            return .object(model)
        }
        return .json([
            "version": .string(version), "default_model": .string(service.shelf.defaultName), "models": .array(models),
            "limits": ["message_bytes": .int(StoreLimits.contentBytesMax)], "languages": ["zh", "en"],
            "traces": .bool(corpus != nil),
        ])
    }

    private func list(_ request: Request, _ context: DanluContext) async throws -> Response {
        let query = request.uri.queryParameters
        let limit = min(max(query["limit"].flatMap { Int($0) } ?? 50, 1), StoreLimits.pageRowsMax)
        let found = try await service.store.conversations(
            of: context.owner, search: query["q"].map(String.init) ?? "", before: query["before"].map(String.init),
            limit: limit)
        return .json([
            "conversations": .array(found.map(PageJSON.summary)),
            "next": found.count < limit ? .null : (found.last.map { .string($0.conversation.id) } ?? .null),
        ])
    }

    private func create(_ request: Request, _ context: DanluContext) async throws -> Response {
        var request = request
        let body = try await service.body(of: &request)
        let model = try body.string("model") ?? service.shelf.defaultName
        let new = NewConversation(
            owner: context.owner, title: try body.string("title") ?? "", model: try known(model),
            system: try body.string("system") ?? "",
            sampling: try sampling(body) ?? .object(JSONObject()))
        return .json(PageJSON.conversation(try await service.store.createConversation(new)), status: .created)
    }

    private func change(_ request: Request, _ context: DanluContext) async throws -> Response {
        var request = request
        let id = try await conversation(context).id
        let body = try await service.body(of: &request)
        let change = ConversationChange(
            title: try body.string("title"), model: try body.string("model").map(known),
            system: try body.string("system"), sampling: try sampling(body), leaf: try body.string("leaf"))
        return .json(PageJSON.conversation(try await service.store.changeConversation(id, change)))
    }

    private func known(_ model: String) throws -> String {
        guard service.shelf.names.contains(model) else { throw APIError.noModel(model) }
        return model
    }

    /// Checked now, so that a wrong setting is refused where it is made and not in the next answer.
    private func sampling(_ body: RequestFields) throws -> JSONValue? {
        guard let fields = try body.fields("sampling") else { return nil }
        _ = try fields.sampling(service.limits)
        _ = try fields.int("max_tokens", in: 1...Int(Int32.max))
        return .object(fields.object)
    }

    private func page(_ request: Request, _ context: DanluContext) async throws -> Response {
        let id = try await conversation(context).id
        let query = request.uri.queryParameters
        let page = try await service.store.page(
            of: id, before: query["before"].map(String.init), limit: query["limit"].flatMap { Int($0) } ?? 100)
        return .json(["messages": .array(page.messages.map(PageJSON.message)), "has_more": .bool(page.hasMore)])
    }

    private func ask(_ request: Request, _ context: DanluContext) async throws -> Response {
        try service.requireAccepting()
        var request = request
        let conversation = try await conversation(context)
        let body = try await service.body(of: &request)
        let content = try body.requiredString("content")
        guard !content.isEmpty else { throw APIError.invalid("content", "is empty.") }
        let question = try await service.store.addMessage(
            to: conversation.id, parent: try body.string("parent"), role: .user, content: content)
        var first = [PageEvent(name: "user", data: PageJSON.message(question))]
        if conversation.title.isEmpty {
            let title = Self.title(from: content)
            _ = try await service.store.changeConversation(conversation.id, ConversationChange(title: title))
            first.append(PageEvent(name: "title", data: ["title": .string(title)]))
        }
        return answer(request, conversation, parent: question.id, owner: context.owner, after: first)
    }

    /// Writes another answer beside one, or an answer to a question; a question has none when its answer could not
    /// be started.
    private func regenerate(_ request: Request, _ context: DanluContext) async throws -> Response {
        try service.requireAccepting()
        let message = try await message(context)
        guard let parent = message.role == .user ? message.id : message.parent else {
            throw APIError(.badRequest, "There is no question before this message.", code: "not_an_answer")
        }
        let conversation = try await service.store.conversation(message.conversation)
        return answer(request, conversation, parent: parent, owner: context.owner, after: [])
    }

    /// Starts an answer and streams it; a failure to start is an event too, as the question is already kept.
    private func answer(
        _ request: Request, _ conversation: ConversationRecord, parent: String, owner: String, after first: [PageEvent]
    ) -> Response {
        service.eventStream(request) { stream in
            for event in first { try await stream.send(event.data, event: event.name) }
            do {
                let events = try await answers.start(conversation, parent: parent, owner: owner)
                try await stream.relay(events) { [EventStream.Message(name: $0.name, data: $0.data)] }
            } catch let error where !(error is CancellationError) {
                let failure = APIError(error)
                try await stream.send(
                    ["message": .string(failure.message), "code": failure.code.map(JSONValue.string) ?? .null],
                    event: "error")
            }
        }
    }

    private func join(_ request: Request, _ context: DanluContext) async throws -> Response {
        let id = try await message(context).id
        let events = await answers.join(id)
        let message = try await service.store.message(id)
        return service.eventStream(request) { stream in
            guard let events else {
                try await stream.send(PageJSON.message(message), event: "end")
                return
            }
            try await stream.relay(events) { [EventStream.Message(name: $0.name, data: $0.data)] }
        }
    }

    private func rate(_ request: Request, _ context: DanluContext) async throws -> Response {
        var request = request
        let id = try await message(context).id
        let body = try await service.body(of: &request)
        let thumb: Rating.Thumb
        switch try body.requiredString("thumb") {
        case "up": thumb = .up
        case "down": thumb = .down
        case let other: throw APIError.invalid("thumb", "'\(other.prefix(20))' is none of up, down.")
        }
        let rating = Rating(thumb: thumb, comment: try body.string("comment") ?? "")
        return .json(PageJSON.message(try await service.store.rate(id, rating)))
    }

    /// The question's first line, shortened.
    static func title(from question: String) -> String {
        let line = question.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? "…"
        let trimmed = line.trimmingCharacters(in: .whitespaces)
        return trimmed.count > 40 ? trimmed.prefix(40) + "…" : trimmed
    }
}
