import Synchronization

/// A progress line that several threads write to.
final class SharedProgress: Sendable {
    private let line = Mutex((line: ProgressLine(), stage: ""))

    /// - Parameter stage: what is done; rates are told from where it began.
    func show(_ stage: String, share: Double) {
        show(stage, share: share) { _ in ["\(Int(share * 100)) %"] }
    }

    /// - Parameter parts: what stands behind the stage; made when the line is due.
    func show(_ stage: String, share: Double, _ parts: (ProgressLine) -> [String]) {
        line.withLock { state in
            if state.stage != stage {
                state.line.restart()
                state.stage = stage
            }
            if state.line.isDue { state.line.show([stage] + parts(state.line), share: share) }
        }
    }

    func clear() { line.withLock { $0.line.clear() } }
}
