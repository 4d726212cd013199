/// What somebody at a terminal asks for with one stroke.
package enum Key: Sendable, Equatable {
    case text(String)
    case enter
    /// A line break inside the text: Alt-Enter or Ctrl-J.
    case newline
    case backspace, delete, tab
    case left, right, up, down, home, end
    case wordLeft, wordRight
    case killWordBackward, killWordForward, killToStart, killToEnd, yank, transpose
    case clearScreen
    /// Ctrl-C.
    case interrupt
    /// Ctrl-D.
    case endOfFile
}
