import Foundation
import Synchronization

/// Work on several threads, each taking the next item when it is done with one.
enum Workers {
    private struct State {
        var next = 0
        var failure: (any Error)?
    }

    /// - Throws: what the first failing item threw; the others end with the item they are at.
    static func run(_ items: [Int], threads: Int, _ body: @Sendable (Int) throws -> Void) throws {
        let state = Mutex(State())
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, items.count))) { _ in
            while let item = state.withLock({ state -> Int? in
                guard state.failure == nil, state.next < items.count else { return nil }
                defer { state.next += 1 }
                return items[state.next]
            }) {
                do { try body(item) } catch {
                    state.withLock { if $0.failure == nil { $0.failure = error } }
                }
            }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }
}
