import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Store

/// The page of training runs alone, without a model: behind the same rules of access as the whole server.
///
///     let server = try await RunsServer(store: store, options: options, logger: logger)
///     try await server.run { port in … }
public struct RunsServer: Sendable {
    private let store: Store
    private let options: ServerOptions
    private let logger: Logger
    private let assets: PageAssets

    /// - Throws: `ServerError.keysNeeded` when other machines could reach a server without keys.
    public init(store: Store, options: ServerOptions, logger: Logger) async throws {
        if !options.isLoopback, try await store.keys().allSatisfy({ $0.revokedAt != nil }) {
            throw ServerError.keysNeeded(host: options.host)
        }
        self.store = store
        self.options = options
        self.logger = logger
        assets = try PageAssets()
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameter onReady: called with the port once the server listens.
    /// - Throws: `ServerError.cannotListen`.
    public func run(onReady: @escaping @Sendable (Int) -> Void) async throws {
        var configuration = ServiceGroupConfiguration(services: [application(onReady: onReady)], logger: logger)
        configuration.gracefulShutdownSignals = [.sigterm, .sigint]
        configuration.cancellationSignals = [.sigquit]
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw ServerError.cannotListen(
                host: options.host, port: options.port, reason: String(cString: strerror(error.errnoCode)))
        }
    }

    package func application(
        onReady: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> some ApplicationProtocol & Service {
        options.application(router(), logger: logger, onReady: onReady)
    }

    private func router() -> Router<DanluContext> {
        let plain = Router(context: DanluContext.self, options: .autoGenerateHeadEndpoints)
        addRoutes(to: plain)
        let router = Router(context: DanluContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ErrorMiddleware(metrics: ServerMetrics(), makeID: { Store.timeOrderedID() }))
        router.add(middleware: options.originMiddleware)
        router.add(middleware: MethodMiddleware(routes: plain.routes.map { ($0.path, $0.method) }))
        addRoutes(to: router)
        return router
    }

    private func addRoutes(to router: Router<DanluContext>) {
        for path in ["/", "/runs"] {
            router.get("\(path)") { request, _ in try assets.response(for: "runs.html", request) }
        }
        router.get("/page/:file") { request, context in
            try assets.response(for: try context.parameters.require("file"), request)
        }
        let guarded = router.group()
            .add(middleware: KeyMiddleware(store: store, isRequired: !options.isLoopback, logger: logger))
        RunsAPI(folder: options.runs).add(to: guarded.group("api"))
    }
}
