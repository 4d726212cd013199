import Foundation

/// One line about work that goes on: rewritten in place on a terminal, a line every few seconds elsewhere.
struct ProgressLine {
    private let isTerminal = Terminal.errorIsTerminal
    private var lastShown = ContinuousClock.now
    private var hasLine = false
    private static let secondsBetweenDraws = 0.1
    private static let secondsBetweenLines = 10.0

    /// Whether it is time to say something again.
    var isDue: Bool {
        let pause = isTerminal ? Self.secondsBetweenDraws : Self.secondsBetweenLines
        return lastShown.duration(to: .now) >= .seconds(pause)
    }

    mutating func show(_ text: String) {
        lastShown = .now
        hasLine = isTerminal
        Terminal.note(isTerminal ? "\r\u{1b}[K\(text)" : text, terminator: isTerminal ? "" : "\n")
    }

    /// Takes the line away again.
    mutating func clear() {
        if hasLine { Terminal.note("\r\u{1b}[K", terminator: "") }
        hasLine = false
    }

    /// "left 1:05", from what is done and how long it took.
    static func timeLeft(done: Double, after seconds: Double) -> String {
        guard done > 0 else { return "" }
        let left = Int(min(seconds / done * max(0, 1 - done), 359_999))
        return Language.text(zh: "剩余", en: "left") + String(format: " %d:%02d", left / 60, left % 60)
    }
}
