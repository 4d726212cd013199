import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// The thread that computes: hours of numeric work have no place on Swift's shared threads.
enum EngineThread {
    static func start(_ core: EngineCore, _ runner: any StepRunner, draft: DraftModel?, niceness: Int) {
        let thread = Thread {
            #if canImport(Glibc)
                // On Linux it is the thread's own, so each worker sets it. Failure leaves it as it is.
                if niceness > 0 {
                    runner.onEachWorker { _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, Int32(clamping: niceness)) }
                }
            #endif
            core.work(with: runner, draft: draft)
        }
        thread.name = "danlu-engine"
        thread.stackSize = stackBytes
        thread.start()
    }

    private static let stackBytes = 4 << 20
}
