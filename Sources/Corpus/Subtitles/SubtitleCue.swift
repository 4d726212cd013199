/// What is shown at once, and when.
package struct SubtitleCue: Sendable, Equatable {
    /// Milliseconds from the beginning.
    package var start: Int
    package var end: Int
    /// Lines as they are shown, without marks of style.
    package var lines: [String]

    package init(start: Int, end: Int, lines: [String]) {
        self.start = start
        self.end = end
        self.lines = lines
    }
}
