import Foundation
import Synchronization

/// Ctrl-C, given to whatever runs at the moment; nothing running, it ends the program as usual.
enum Interrupts {
    private static let handler = Mutex<(@Sendable () -> Void)?>(nil)
    private static let stopper = Mutex<(@Sendable () -> Void)?>(nil)
    private static let sources = Mutex<[any DispatchSourceSignal]>([])

    /// What a task comes to, while Ctrl-C cancels the task instead of ending the program.
    static func value<Value: Sendable>(of task: Task<Value, any Error>) async throws -> Value {
        listen()
        handler.withLock { $0 = { task.cancel() } }
        defer { handler.withLock { $0 = nil } }
        return try await task.value
    }

    /// What the body comes to, while the first Ctrl-C or SIGTERM calls `stop` instead of ending the program. A second
    /// one ends it.
    static func stopping<Value>(_ stop: @escaping @Sendable () -> Void, _ body: () throws -> Value) rethrows -> Value {
        listen()
        stopper.withLock { $0 = stop }
        defer { stopper.withLock { $0 = nil } }
        return try body()
    }

    /// Ends the program the way the signal does, so that a calling script knows; the terminal is left as it was.
    static func end(by number: Int32 = SIGINT) -> Never {
        RawMode.restore()
        signal(number, SIG_DFL)
        // Dispatch's threads block signals; this one must take it.
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
        Terminal.exit(1)
    }

    private static func listen() {
        sources.withLock { sources in
            guard sources.isEmpty else { return }
            sources = [SIGINT, SIGTERM].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler {
                    let stop = stopper.withLock { stop in
                        defer { stop = nil }
                        return stop
                    }
                    if let stop { return stop() }
                    if number == SIGINT, let handler = handler.withLock({ $0 }) { handler() } else { end(by: number) }
                }
                source.resume()
                return source
            }
        }
    }
}
