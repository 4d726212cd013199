import Assistant
import Foundation
import Hummingbird
import JSON
import Logging
import ServiceLifecycle
import Store

/// How `danlu serve` runs.
public struct ServerOptions: Sendable {
    public var host = "127.0.0.1"
    public var port = 8080
    public var limits = ServerLimits()
    /// Origins of other sites whose pages may call the API.
    public var allowedOrigins: Set<String> = []
    public var version = "0.1.0"

    public init() {}

    /// Reached from this machine only.
    public var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }
}

public enum ServerError: Error, CustomStringConvertible {
    case keysNeeded(host: String)

    public var description: String {
        switch self {
        case .keysNeeded(let host):
            "Serving on \(host) can be reached from other machines, which needs a key. Make one: danlu keys create NAME"
        }
    }
}

/// The web page, its API and the OpenAI-compatible API over one HTTP/1.1 server.
public struct DanluServer: Sendable {
    let service: AnswerService
    let options: ServerOptions
    let assets: PageAssets
    let answers: RunningAnswers
    let lifecycle = Lifecycle()

    /// Throws `ServerError.keysNeeded` when other machines could reach a server without keys.
    public init(shelf: ModelShelf, store: Store, options: ServerOptions, logger: Logger) async throws {
        if !options.isLoopback, try await store.keys().allSatisfy({ $0.revokedAt != nil }) {
            throw ServerError.keysNeeded(host: options.host)
        }
        service = AnswerService(
            shelf: shelf, store: store, limits: options.limits, metrics: ServerMetrics(), logger: logger,
            makeID: { Store.timeOrderedID() }, unixSeconds: { Int(Date().timeIntervalSince1970) })
        self.options = options
        assets = try PageAssets()
        answers = RunningAnswers(service: service)
    }

    /// Serves until SIGTERM or SIGINT, then lets running answers finish for `drainSecondsMax`.
    ///
    /// - Parameter onReady: called with the port once the server listens.
    public func run(onReady: @escaping @Sendable (Int) -> Void) async throws {
        let limits = options.limits
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderListSize = limits.headerBytesMax
        decoder.maxHeaderFieldSize = limits.headerBytesMax
        let application = Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Int64(limits.idleConnectionSecondsMax)), httpDecoderConfiguration: decoder)),
            configuration: .init(
                address: .hostname(options.host, port: options.port), serverName: "danlu",
                availableConnectionsDelegate: .maximum(limits.connectionsMax, logger: service.logger)),
            services: [DrainService(server: self)],
            onServerRunning: { channel in onReady(channel.localAddress?.port ?? options.port) },
            logger: service.logger)
        try await application.runService()
    }

    func router() -> Router<DanluContext> {
        let router = Router(context: DanluContext.self)
        router.add(middleware: ErrorMiddleware(metrics: service.metrics))
        router.add(
            middleware: OriginMiddleware(
                allowedOrigins: options.allowedOrigins,
                allowedHosts: options.isLoopback ? ["127.0.0.1", "localhost", "[::1]"] : nil))
        router.get("/health") { _, _ in try health() }
        router.get("/") { request, _ in try assets.response(for: "index.html", request) }
        router.get("/page/:file") { request, context in
            try assets.response(for: try context.parameters.require("file"), request)
        }
        let guarded = router.group()
            .add(middleware: KeyMiddleware(store: service.store, isRequired: !options.isLoopback))
        guarded.get("/metrics") { _, _ in
            let text = service.metrics.text(of: await service.shelf.loadedAssistants())
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        addOpenAI(to: guarded.group("v1"))
        addTokenizer(to: guarded)
        PageAPI(service: service, answers: answers, version: options.version).add(to: guarded.group("api"))
        return router
    }

    private func health() throws -> Response {
        guard !lifecycle.isDraining else { throw AssistantError.draining }
        return .json(["status": "ok"])
    }

    private func addOpenAI(to group: RouterGroup<DanluContext>) {
        let models = ModelsRoute(service: service)
        group.get("models") { _, _ in try await models.list() }
        group.get("models/:name") { _, context in try await models.one(try context.parameters.require("name")) }
        group.post("chat/completions") { try await accepting().chat.respond(to: $0, context: $1) }
        group.post("completions") { try await accepting().completions.respond(to: $0, context: $1) }
        group.post("embeddings") { try await accepting().embeddings.respond(to: $0, context: $1) }
        group.post("responses") { try await accepting().responses.respond(to: $0, context: $1) }
    }

    private func addTokenizer(to group: RouterGroup<DanluContext>) {
        let models = ModelsRoute(service: service)
        for prefix in ["", "v1/"] {
            group.post("\(prefix)tokenize") { request, _ in try await models.tokenize(request) }
            group.post("\(prefix)detokenize") { request, _ in try await models.detokenize(request) }
        }
    }

    private struct Routes {
        var chat: ChatCompletionsRoute
        var completions: CompletionsRoute
        var embeddings: EmbeddingsRoute
        var responses: ResponsesRoute
    }

    /// The routes that compute, unless the server is draining.
    private func accepting() throws -> Routes {
        guard !lifecycle.isDraining else { throw AssistantError.draining }
        return Routes(
            chat: ChatCompletionsRoute(service: service), completions: CompletionsRoute(service: service),
            embeddings: EmbeddingsRoute(service: service), responses: ResponsesRoute(service: service))
    }
}
