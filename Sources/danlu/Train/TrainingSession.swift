import ArgumentParser
import Foundation
import Kernels
import Training

/// One training in the terminal: threads, display, signals, and what is said at the end.
struct TrainingSession {
    let json: Bool
    let threads: Int

    typealias Progress = (TokenizingProgress) throws(TrainingError) -> Void

    /// - Parameter make: given threads, what to tell of tokenising, and what to tell of training.
    func run(_ make: (WorkerPool, Progress, @escaping (RunEvent) -> Void) throws -> Trainer) throws {
        // A file that grows beyond a limit is an error to be told, not the end.
        signal(SIGXFSZ, SIG_IGN)
        let stop = StopRequest()
        try Interrupts.stopping(stop.stop) {
            let pool = try WorkerPool(threads: threads)
            let display = TrainingDisplay(json: json)
            let trainer = try make(
                pool,
                { progress throws(TrainingError) in
                    display.show(progress)
                    if stop.isStopping { throw .stopped }
                }, display.report)
            display.begin(trainer, peak: peak(trainer, pool))
            let outcome = try trainer.run(until: stop)
            display.end(trainer, outcome)
        }
    }

    /// Operations per second of this machine at best in the run's precision, measured where somebody looks on.
    private func peak(_ trainer: Trainer, _ pool: WorkerPool) -> Double? {
        guard !json, Terminal.errorIsTerminal else { return nil }
        return TrainingKernels.peak(trainer.configuration.precision, on: pool)
    }
}
