import Server
import ServiceLifecycle

/// A server as `danlu serve` runs it, shut down by a call instead of a signal, which would reach all tests.
struct ServerGroup: Sendable {
    private let group: ServiceGroup

    init(_ server: DanluServer, onReady: @escaping @Sendable (Int) -> Void) {
        group = server.serviceGroup(handlesSignals: false, onReady: onReady)
    }

    func run() async throws { try await group.run() }
    func triggerGracefulShutdown() async { await group.triggerGracefulShutdown() }
}
