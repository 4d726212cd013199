import Foundation

/// Reads lines from a terminal with the keys that shells have, Chinese and emoji in their right widths.
///
///     var editor = LineEditor(history: InputHistory(path: path))
///     switch editor.read(prompt: "> ") { case .line(let text): … }
///
/// Drawn on standard error, so that standard output holds answers only.
struct LineEditor {
    enum Outcome: Equatable {
        case line(String)
        /// Ctrl-C: what was typed is dropped.
        case interrupted
        /// Ctrl-D on an empty line, or the terminal went away.
        case end
    }

    private var history: InputHistory
    private var decoder = KeyDecoder()
    /// Keys typed ahead.
    private var waiting: [Key] = []
    private var buffer = LineBuffer()
    /// Where the history is shown; `history.entries.count` is the line being typed.
    private var place = 0
    private var draft = ""
    /// The row, counted from the first drawn, where the cursor was left.
    private var drawnCursorRow = 0
    private let completions: [String]

    /// - Parameter completions: words that Tab completes at a line's start.
    init(history: InputHistory, completions: [String] = []) {
        self.history = history
        self.completions = completions
    }

    mutating func read(prompt: String, continuation: String = "… ") -> Outcome {
        RawMode.edit()
        Terminal.note("\u{1b}[?2004h", terminator: "")
        defer {
            Terminal.note("\u{1b}[?2004l", terminator: "")
            RawMode.restore()
        }
        buffer = LineBuffer()
        (place, draft, drawnCursorRow) = (history.entries.count, "", 0)
        draw(prompt, continuation)
        while true {
            guard let key = nextKey() else { return finish(.end, prompt, continuation) }
            switch key {
            case .enter: return finish(.line(buffer.text), prompt, continuation)
            case .interrupt: return finish(.interrupted, prompt, continuation)
            case .endOfFile where buffer.isEmpty: return finish(.end, prompt, continuation)
            case .clearScreen:
                Terminal.note("\u{1b}[H\u{1b}[2J", terminator: "")
                drawnCursorRow = 0
            default: apply(key)
            }
            if waiting.isEmpty { draw(prompt, continuation) }
        }
    }

    /// Takes a whole input, which may be several lines, into the history.
    mutating func remember(_ text: String) { history.add(text) }

    private mutating func nextKey() -> Key? {
        while waiting.isEmpty {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = Foundation.read(STDIN_FILENO, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            waiting = decoder.decode(bytes[..<count])
        }
        return waiting.removeFirst()
    }

    private mutating func apply(_ key: Key) {
        switch key {
        case .text(let text): buffer.insert(text)
        case .newline: buffer.insert("\n")
        case .backspace: buffer.deleteBackward()
        case .delete, .endOfFile: buffer.deleteForward()
        case .left: buffer.move(by: -1)
        case .right: buffer.move(by: 1)
        case .up: if !buffer.moveLine(up: true) { recall(place - 1) }
        case .down: if !buffer.moveLine(up: false) { recall(place + 1) }
        case .home: buffer.moveToLineStart()
        case .end: buffer.moveToLineEnd()
        case .wordLeft: buffer.moveWord(forward: false)
        case .wordRight: buffer.moveWord(forward: true)
        case .killWordBackward: buffer.killWord(forward: false)
        case .killWordForward: buffer.killWord(forward: true)
        case .killToStart: buffer.killToLineStart()
        case .killToEnd: buffer.killToLineEnd()
        case .yank: buffer.yank()
        case .transpose: buffer.transpose()
        case .tab: complete()
        case .enter, .interrupt, .clearScreen: break
        }
    }

    private mutating func recall(_ wanted: Int) {
        guard (0...history.entries.count).contains(wanted) else { return }
        if place == history.entries.count { draft = buffer.text }
        place = wanted
        buffer.replace(with: wanted == history.entries.count ? draft : history.entries[wanted])
    }

    private mutating func complete() {
        let typed = buffer.text
        let matches = completions.filter { $0.hasPrefix(typed) }
        guard !typed.isEmpty, let first = matches.first else { return }
        let common = matches.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        buffer.replace(with: matches.count == 1 ? common + " " : common)
    }

    private mutating func draw(_ prompt: String, _ continuation: String) {
        let screen = RawMode.screen
        let layout = LineLayout(
            prompt: prompt, continuation: continuation, buffer, columns: screen.columns, rowsMax: screen.rows - 1)
        var text = drawnCursorRow > 0 ? "\u{1b}[\(drawnCursorRow)A" : ""
        text += "\r\u{1b}[J" + layout.rows.joined(separator: "\r\n") + "\r"
        let up = layout.rows.count - 1 - layout.cursorRow
        if up > 0 { text += "\u{1b}[\(up)A" }
        if layout.cursorColumn > 0 { text += "\u{1b}[\(layout.cursorColumn)C" }
        Terminal.note(text, terminator: "")
        drawnCursorRow = layout.cursorRow
    }

    /// Leaves the cursor below what was typed.
    private mutating func finish(_ outcome: Outcome, _ prompt: String, _ continuation: String) -> Outcome {
        buffer.move(by: buffer.characters.count)
        draw(prompt, continuation)
        Terminal.note(outcome == .interrupted ? "^C" : "")
        return outcome
    }
}
