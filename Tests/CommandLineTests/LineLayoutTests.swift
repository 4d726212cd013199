import Testing
import danlu

@Suite struct LineLayoutTests {
    @Test(arguments: [
        ("a", 1), ("中", 2), ("，", 2), ("é", 1), ("e\u{301}", 1), ("😀", 2), ("❤️", 2), ("❤", 1), ("🇨🇳", 2), ("ｱ", 1),
        ("Ａ", 2),
        ("\u{200B}", 0), ("한", 2), ("か", 2), ("…", 1), ("👨‍👩‍👧‍👦", 2), ("𠮷", 2),
    ])
    func widths(character: Character, width: Int) { #expect(CharacterWidth.of(character) == width) }

    /// A line of progress that wrapped could not be taken back.
    @Test(arguments: [(0, ""), (1, "a"), (2, "a"), (3, "a中"), (4, "a中b"), (9, "a中b")])
    func progressIsCut(columns: Int, expected: String) {
        #expect(ProgressLine.cut("a中b", columns: columns) == expected)
    }

    private func layout(_ text: String, columns: Int, back: Int = 0, rowsMax: Int = .max) -> LineLayout {
        var buffer = LineBuffer(text)
        buffer.move(by: -back)
        return LineLayout(prompt: "> ", continuation: ". ", buffer, columns: columns, rowsMax: rowsMax)
    }

    @Test func wideCharactersAreNotCut() {
        let layout = layout("abc中文", columns: 6)
        #expect(layout.rows == ["> abc", "中文"])
        #expect(layout.cursorRow == 1 && layout.cursorColumn == 4)
    }

    @Test func aFullRowPutsTheCursorOnTheNext() {
        let layout = layout("abcd", columns: 6)
        #expect(layout.rows == ["> abcd", ""] && layout.cursorRow == 1 && layout.cursorColumn == 0)
    }

    @Test func theCursorStandsBeforeItsCharacter() {
        let layout = layout("中文字", columns: 80, back: 2)
        #expect(layout.cursorRow == 0 && layout.cursorColumn == 4)
    }

    @Test func breaksBeginWithTheContinuation() {
        let layout = layout("a\nb\t\u{7}", columns: 80)
        #expect(layout.rows == ["> a", ". b    ?"])
    }

    @Test func aTallTextShowsTheCursorsPart() {
        let text = (0..<50).map { "\($0)" }.joined(separator: "\n")
        let end = layout(text, columns: 80, rowsMax: 10)
        #expect(end.rows.count == 10 && end.rows.last == ". 49" && end.cursorRow == 9)
        let start = layout(text, columns: 80, back: text.count, rowsMax: 10)
        #expect(start.rows.first == "> 0" && start.cursorRow == 0)
    }
}
