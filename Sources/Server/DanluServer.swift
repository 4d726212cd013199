import Assistant
import Foundation
import Hummingbird
import Logging
import NIOCore
import Provenance
import ServiceLifecycle
import Store

/// The web page, its API and the OpenAI-compatible API over one HTTP/1.1 server.
///
///     let server = try await DanluServer(shelf: shelf, store: store, options: ServerOptions(), logger: logger)
///     try await server.run { port in logger.notice("listening on \(port)") }
public struct DanluServer: Sendable {
    let service: AnswerService
    let options: ServerOptions
    let assets: PageAssets
    let answers: RunningAnswers
    let adaptersFolder: AdaptersFolder?
    let corpus: CorpusIndex?

    /// Throws `ServerError.keysNeeded` when other machines could reach a server without keys, `.noAdaptersFolder`, and
    /// what is wrong with the index of `traceIndex`.
    public init(shelf: ModelShelf, store: Store, options: ServerOptions, logger: Logger) async throws {
        if !options.isLoopback, try await store.keys().allSatisfy({ $0.revokedAt != nil }) {
            throw ServerError.keysNeeded(host: options.host)
        }
        adaptersFolder = try options.adaptersFolder.map { try AdaptersFolder(path: $0, options.limits) }
        corpus = try options.traceIndex.map { try CorpusIndex(folder: $0, asksRules: true) }
        try await store.markInterruptedAnswers()
        service = AnswerService(
            shelf: shelf, store: store, limits: options.limits, lifecycle: Lifecycle(), metrics: ServerMetrics(),
            logger: logger, makeID: { Store.timeOrderedID() }, unixSeconds: { Int(Date().timeIntervalSince1970) })
        self.options = options
        assets = try PageAssets()
        answers = RunningAnswers(service: service)
    }

    /// Serves until SIGTERM or SIGINT, then lets running answers finish for `drainSecondsMax`. SIGQUIT ends at once.
    ///
    /// - Parameter onReady: called with the port once the server listens.
    /// - Throws: `ServerError.cannotListen`.
    public func run(onReady: @escaping @Sendable (Int) -> Void) async throws {
        try await run(handlesSignals: true, onReady: onReady)
    }

    package func run(handlesSignals: Bool, onReady: @escaping @Sendable (Int) -> Void) async throws {
        do {
            try await serviceGroup(handlesSignals: handlesSignals, onReady: onReady).run()
        } catch let error as IOError {
            throw ServerError.cannotListen(
                host: options.host, port: options.port, reason: String(cString: strerror(error.errnoCode)))
        }
    }

    /// Services shut down from the last to the first: answers drain while the server still listens and refuses new
    /// work with 503, and only then does the server close.
    package func serviceGroup(
        handlesSignals: Bool, onReady: @escaping @Sendable (Int) -> Void
    ) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: [application(onReady: onReady), DrainService(server: self)], logger: service.logger)
        if handlesSignals {
            configuration.gracefulShutdownSignals = [.sigterm, .sigint]
            configuration.cancellationSignals = [.sigquit]
        }
        // A client that does not read its answer cannot keep the server from ending.
        configuration.maximumGracefulShutdownDuration = .seconds(Int64(options.limits.drainSecondsMax) + 10)
        return ServiceGroup(configuration: configuration)
    }

    package func application(
        onReady: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> some ApplicationProtocol & Service {
        options.application(router(), logger: service.logger, onReady: onReady)
    }
}
