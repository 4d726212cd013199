import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

extension ServerOptions {
    /// The server of some routes, with the limits that these options set.
    func application(
        _ router: Router<DanluContext>, logger: Logger, onReady: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol & Service {
        Application(
            router: router,
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Int64(limits.idleConnectionSecondsMax)),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: limits.headerBytesMax, maxHeaderListSize: limits.headerBytesMax,
                        maxHeaderFieldCount: limits.headersMax))),
            configuration: .init(
                address: .hostname(host, port: port), serverName: "danlu",
                availableConnectionsDelegate: .maximum(limits.connectionsMax, logger: logger)),
            onServerRunning: { channel in onReady(channel.localAddress?.port ?? port) },
            logger: logger)
    }

    var originMiddleware: OriginMiddleware {
        OriginMiddleware(
            allowedOrigins: allowedOrigins, allowedHosts: isLoopback ? ["127.0.0.1", "localhost", "[::1]"] : nil)
    }

    var runs: RunsFolder? { runsFolder.map { RunsFolder(path: $0, limits: limits) } }
}
