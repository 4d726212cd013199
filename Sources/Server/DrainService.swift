import Assistant
import ServiceLifecycle

/// On SIGTERM: refuses new work, waits for running answers at most `drainSecondsMax`, then stops the engines.
struct DrainService: Service {
    let server: DanluServer

    func run() async throws {
        try await gracefulShutdown()
        server.service.lifecycle.startDraining()
        let seconds = Double(server.options.limits.drainSecondsMax)
        await withDiscardingTaskGroup { group in
            for assistant in await server.service.shelf.loadedAssistants() {
                group.addTask { await assistant.drain(secondsMax: seconds) }
            }
        }
        await server.answers.finish()
    }
}
