import Foundation
import Synchronization

/// Says how far the loading of a model is, once it takes longer than people wait without asking.
final class LoadProgress: Sendable {
    private struct State {
        var shownPercent: Int?
        var isFinished = false
    }

    private let name: String
    private let began = ContinuousClock.now
    private let state = Mutex(State())
    private static let silentSeconds = 2.0

    init(name: String) { self.name = name }

    /// - Parameter share: 0 to 1.
    func take(_ share: Double) {
        guard began.duration(to: .now) > .seconds(Self.silentSeconds) else { return }
        let percent = Int(max(0, min(1, share)) * 100)
        state.withLock { state in
            let isFirst = state.shownPercent == nil
            // Into a log goes one line, onto a terminal each percent.
            guard !state.isFinished, isFirst || Terminal.errorIsTerminal, state.shownPercent != percent else { return }
            state.shownPercent = percent
            let text = Language.text(zh: "正在载入 \(name) \(percent)%", en: "Loading \(name) \(percent)%")
            Terminal.note(
                Terminal.errorIsTerminal ? "\r\u{1b}[K\(text)" : text, terminator: Terminal.errorIsTerminal ? "" : "\n")
        }
    }

    func finish() {
        state.withLock { state in
            if state.shownPercent != nil, Terminal.errorIsTerminal { Terminal.note("\r\u{1b}[K", terminator: "") }
            state.isFinished = true
        }
    }
}
