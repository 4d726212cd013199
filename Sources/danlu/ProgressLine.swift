import Foundation
import Training

/// One line about work that goes on: rewritten in place on a terminal, a line every few seconds elsewhere.
///
///     var progress = ProgressLine()
///     if progress.isDue {
///         progress.show([Language.text(zh: "读取 \(size)", en: "read \(size)"), progress.rate(bytes: n)], share: 0.3)
///     }
///     progress.clear()
package struct ProgressLine {
    private let isTerminal = Terminal.errorIsTerminal
    private var began = ContinuousClock.now
    private var lastShown = ContinuousClock.now
    private var hasLine = false
    private static let secondsBetweenDraws = 0.1
    private static let secondsBetweenLines = 10.0

    /// Whether it is time to say something again.
    var isDue: Bool {
        let pause = isTerminal ? Self.secondsBetweenDraws : Self.secondsBetweenLines
        return lastShown.duration(to: .now) >= .seconds(pause)
    }

    /// Something else begins: what rates and the time left are told from.
    mutating func restart() { began = .now }

    private var seconds: Double { max(1e-3, began.duration(to: .now) / .seconds(1)) }

    /// So many a second since the beginning.
    func rate(_ count: Int) -> String {
        let rate = Quantity.text((Double(count) / seconds).rounded())
        return Language.text(zh: "每秒 \(rate)", en: "\(rate)/s")
    }

    func rate(bytes: Int) -> String {
        let rate = ModelHome.size(Int(Double(bytes) / seconds))
        return Language.text(zh: "每秒 \(rate)", en: "\(rate)/s")
    }

    /// - Parameter share: that is done, 0 to 1; the rest is taken to need its time in proportion.
    mutating func show(_ parts: [String], share: Double) {
        show(parts, secondsLeft: share > 0 ? seconds / share * max(0, 1 - share) : nil)
    }

    mutating func show(_ parts: [String], secondsLeft: Double?) {
        let left = secondsLeft.map(Language.duration)
        let text = (parts + (left.map { [Language.text(zh: "剩余 \($0)", en: "\($0) left")] } ?? []))
            .joined(separator: " · ")
        lastShown = .now
        hasLine = isTerminal
        // A line that wraps could not be taken back.
        Terminal.note(
            isTerminal ? "\r\u{1b}[K\(Self.cut(text, columns: RawMode.screen.columns - 1))" : text,
            terminator: isTerminal ? "" : "\n")
    }

    /// Takes the line away again.
    mutating func clear() {
        if hasLine { Terminal.note("\r\u{1b}[K", terminator: "") }
        hasLine = false
    }

    /// As much of a text as so many columns hold.
    package static func cut(_ text: String, columns: Int) -> String {
        var width = 0
        return String(
            text.prefix { character in
                width += CharacterWidth.of(character)
                return width <= columns
            })
    }
}
