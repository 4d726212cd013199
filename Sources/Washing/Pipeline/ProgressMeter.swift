import Synchronization

/// How far a washing is.
package struct WashingProgress: Sendable {
    package enum Phase: Sendable {
        case learning
        case washing
        case merging
        case sharding
        /// For other programs that wash parts of the same text.
        case waiting(units: Int)
    }

    package var phase: Phase
    /// Bytes of the files as they lie on disk.
    package var bytes: Int
    package var bytesTotal: Int
}

/// Adds up what several threads have done, and tells of it now and then.
final class ProgressMeter: Sendable {
    private struct State {
        var progress: WashingProgress
        var lastTold = ContinuousClock.now
    }

    private let state: Mutex<State>
    private let tell: @Sendable (WashingProgress) -> Void
    private static let pause = Duration.milliseconds(100)

    init(bytesTotal: Int, tell: @escaping @Sendable (WashingProgress) -> Void) {
        state = Mutex(State(progress: WashingProgress(phase: .washing, bytes: 0, bytesTotal: bytesTotal)))
        self.tell = tell
    }

    func begin(_ phase: WashingProgress.Phase, bytesTotal: Int) {
        let progress = state.withLock { state in
            state.progress = WashingProgress(phase: phase, bytes: 0, bytesTotal: bytesTotal)
            return state.progress
        }
        tell(progress)
    }

    func add(_ bytes: Int) {
        let progress = state.withLock { state -> WashingProgress? in
            state.progress.bytes += bytes
            guard state.lastTold.duration(to: .now) >= Self.pause else { return nil }
            state.lastTold = .now
            return state.progress
        }
        if let progress { tell(progress) }
    }
}
