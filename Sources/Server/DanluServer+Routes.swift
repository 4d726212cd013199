import Assistant
import Hummingbird
import JSON

extension DanluServer {
    func router() -> Router<DanluContext> {
        // Once without middleware, to learn which methods each path has.
        let plain = Router(context: DanluContext.self, options: .autoGenerateHeadEndpoints)
        addRoutes(to: plain)
        let router = Router(context: DanluContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ErrorMiddleware(metrics: service.metrics, makeID: service.makeID))
        router.add(middleware: options.originMiddleware)
        router.add(middleware: MethodMiddleware(routes: plain.routes.map { ($0.path, $0.method) }))
        addRoutes(to: router)
        return router
    }

    private func addRoutes(to router: Router<DanluContext>) {
        router.get("/health") { _, _ in try health() }
        router.get("/") { request, _ in try assets.response(for: "index.html", request) }
        router.get("/runs") { request, _ in try assets.response(for: "runs.html", request) }
        router.get("/page/:file") { request, context in
            try assets.response(for: try context.parameters.require("file"), request)
        }
        let guarded = router.group()
            .add(
                middleware: KeyMiddleware(store: service.store, isRequired: !options.isLoopback, logger: service.logger)
            )
        guarded.get("/metrics") { _, _ in
            let text = service.metrics.text(of: await service.shelf.loadedAssistants())
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        addOpenAI(to: guarded.group("v1"))
        addTokenizer(to: guarded)
        addAdapters(to: guarded)
        let page = guarded.group("api")
        PageAPI(service: service, answers: answers, corpus: corpus, version: options.version).add(to: page)
        RunsAPI(folder: options.runs).add(to: page)
    }

    private func health() throws -> Response {
        try service.requireAccepting()
        return .json(["status": "ok"])
    }

    private func addOpenAI(to group: RouterGroup<DanluContext>) {
        let models = ModelsRoute(service: service)
        group.get("models") { _, _ in try await models.list() }
        // A model's name may have slashes.
        group.get("models/**") { _, context in try await models.one(context.parameters.getCatchAll()) }
        let chat = ChatCompletionsRoute(service: service)
        group.post("chat/completions") { try await chat.respond(to: $0, context: $1) }
        let completions = CompletionsRoute(service: service)
        group.post("completions") { try await completions.respond(to: $0, context: $1) }
        let embeddings = EmbeddingsRoute(service: service)
        group.post("embeddings") { try await embeddings.respond(to: $0, context: $1) }
        let responses = ResponsesRoute(service: service)
        group.post("responses") { try await responses.respond(to: $0, context: $1) }
    }

    private func addAdapters(to group: RouterGroup<DanluContext>) {
        let adapters = AdaptersRoute(service: service, folder: adaptersFolder)
        group.get("lora-adapters") { _, _ in adapters.list() }
        group.post("v1/load_lora_adapter") { try await adapters.load($0, $1) }
        group.post("v1/unload_lora_adapter") { try await adapters.unload($0, $1) }
    }

    private func addTokenizer(to group: RouterGroup<DanluContext>) {
        let models = ModelsRoute(service: service)
        for prefix in ["", "v1/"] {
            group.post("\(prefix)tokenize") { request, _ in try await models.tokenize(request) }
            group.post("\(prefix)detokenize") { request, _ in try await models.detokenize(request) }
        }
    }
}
