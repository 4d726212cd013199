import Synchronization

/// Set once, by a signal or a user, seen by the loop between parts of a step.
package final class StopRequest: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package func stop() { flag.store(true, ordering: .relaxed) }
    package var isStopping: Bool { flag.load(ordering: .relaxed) }
}
