import Foundation
import Synchronization

/// Ctrl-C, given to whatever runs at the moment; nothing running, it ends the program as usual.
enum Interrupts {
    private static let handler = Mutex<(@Sendable () -> Void)?>(nil)
    private static let source = Mutex<(any DispatchSourceSignal)?>(nil)

    /// What a task comes to, while Ctrl-C cancels the task instead of ending the program.
    static func value<Value: Sendable>(of task: Task<Value, any Error>) async throws -> Value {
        listen()
        handler.withLock { $0 = { task.cancel() } }
        defer { handler.withLock { $0 = nil } }
        return try await task.value
    }

    /// Ends the program the way the signal does, so that a calling script knows.
    static func end() -> Never {
        RawMode.restore()
        signal(SIGINT, SIG_DFL)
        kill(getpid(), SIGINT)
        // Not reached unless the signal is blocked.
        Terminal.exit(1)
    }

    private static func listen() {
        source.withLock { source in
            guard source == nil else { return }
            signal(SIGINT, SIG_IGN)
            let made = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
            made.setEventHandler {
                if let handler = handler.withLock({ $0 }) { handler() } else { end() }
            }
            made.resume()
            source = made
        }
    }
}
