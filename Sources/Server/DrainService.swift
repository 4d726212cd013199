import Assistant
import ServiceLifecycle
import Synchronization

/// Whether the server still takes new work.
final class Lifecycle: Sendable {
    private let draining = Atomic(false)

    var isDraining: Bool { draining.load(ordering: .relaxed) }
    func startDraining() { draining.store(true, ordering: .relaxed) }
}

/// On SIGTERM: refuses new work, waits for running answers, then stops the engines.
struct DrainService: Service {
    let server: DanluServer

    func run() async throws {
        try await gracefulShutdown()
        server.lifecycle.startDraining()
        let seconds = Double(server.options.limits.drainSecondsMax)
        for assistant in await server.service.shelf.loadedAssistants() { await assistant.drain(secondsMax: seconds) }
        await server.answers.finish()
    }
}
