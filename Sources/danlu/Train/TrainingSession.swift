import ArgumentParser
import Foundation
import Kernels
import Training

/// One training in the terminal: threads, display, signals, and what is said at the end.
struct TrainingSession {
    let json: Bool
    let threads: Int

    func run(_ make: (WorkerPool, TrainingDisplay) throws -> Trainer) throws {
        // A file that grows beyond a limit is an error to be told, not the end.
        signal(SIGXFSZ, SIG_IGN)
        let stop = StopRequest()
        try Interrupts.stopping(stop.stop) {
            let pool = try WorkerPool(threads: threads)
            let display = TrainingDisplay(json: json)
            let trainer = try make(pool, display)
            display.begin(trainer, peak: peak(trainer, pool))
            let outcome = try trainer.run(until: stop)
            display.end(trainer, outcome)
        }
    }

    /// Operations per second of this machine at best, measured in half a second where somebody looks on.
    private func peak(_ trainer: Trainer, _ pool: WorkerPool) -> Double? {
        guard !json, Terminal.errorIsTerminal, let roof = try? Roof.measure(on: pool) else { return nil }
        return roof.floatOperationsPerSecond
    }
}
