/// How typed text lies on a terminal: rows as they are written, and where the cursor stands.
package struct LineLayout: Sendable, Equatable {
    package private(set) var rows: [String] = [""]
    package private(set) var cursorRow = 0
    package private(set) var cursorColumn = 0
    private var column = 0

    /// - Parameters:
    ///   - prompt: stands before the first line, `continuation` before those that the text's own breaks begin.
    ///   - rowsMax: rows that a screen has; of more, those around the cursor are kept.
    package init(
        prompt: String, continuation: String, _ buffer: LineBuffer, columns: Int, rowsMax: Int = .max
    ) {
        let columns = max(4, columns)
        add(prompt, columns)
        for (place, character) in buffer.characters.enumerated() {
            if place == buffer.cursor { markCursor(columns) }
            if character == "\n" {
                breakRow()
                add(continuation, columns)
            } else {
                add(Self.shown(character), columns)
            }
        }
        if buffer.cursor == buffer.characters.count { markCursor(columns) }
        keepAroundCursor(rowsMax)
    }

    private mutating func add(_ text: String, _ columns: Int) {
        for character in text {
            let width = CharacterWidth.of(character)
            if column + width > columns { breakRow() }
            rows[rows.count - 1].append(character)
            column += width
        }
    }

    private mutating func breakRow() {
        rows.append("")
        column = 0
    }

    /// A cursor behind the last column stands at the start of the next row.
    private mutating func markCursor(_ columns: Int) {
        if column >= columns { breakRow() }
        (cursorRow, cursorColumn) = (rows.count - 1, column)
    }

    private mutating func keepAroundCursor(_ rowsMax: Int) {
        guard rows.count > rowsMax, rowsMax > 0 else { return }
        let first = min(max(0, cursorRow - rowsMax / 2), rows.count - rowsMax)
        rows = Array(rows[first..<first + rowsMax])
        cursorRow -= first
    }

    private static func shown(_ character: Character) -> String {
        if character == "\t" { return "    " }
        guard let scalar = character.unicodeScalars.first, scalar.properties.generalCategory == .control else {
            return String(character)
        }
        return "?"
    }
}
