/// The text that is being typed, as characters that people see, with a cursor between them.
///
/// A pure value: what a key does is tested without a terminal.
package struct LineBuffer: Sendable, Equatable {
    package private(set) var characters: [Character] = []
    /// 0...characters.count.
    package private(set) var cursor = 0
    /// What the last deletion of a word or line took, for `yank`.
    private var killed: [Character] = []

    package init(_ text: String = "") { replace(with: text) }

    package var text: String { String(characters) }
    package var isEmpty: Bool { characters.isEmpty }

    package mutating func replace(with text: String) {
        characters = Array(text)
        cursor = characters.count
    }

    /// Characters are formed anew: an accent typed after its letter joins it.
    package mutating func insert(_ text: String) {
        let left = Array(String(characters[..<cursor]) + text)
        let right = characters[cursor...]
        characters = Array(String(left) + String(right))
        cursor = min(characters.count, left.count)
    }

    package mutating func deleteBackward() { delete(max(0, cursor - 1)..<cursor) }
    package mutating func deleteForward() { delete(cursor..<min(characters.count, cursor + 1)) }

    package mutating func move(by step: Int) { cursor = max(0, min(characters.count, cursor + step)) }
    package mutating func moveWord(forward: Bool) { cursor = forward ? wordEnd : wordStart }
    package mutating func moveToLineStart() { cursor = lineStart }
    package mutating func moveToLineEnd() { cursor = lineEnd }

    package mutating func killWord(forward: Bool) { kill(forward ? cursor..<wordEnd : wordStart..<cursor) }
    package mutating func killToLineStart() { kill(lineStart..<cursor) }

    /// At a line's end the break itself goes.
    package mutating func killToLineEnd() {
        kill(cursor..<(cursor == lineEnd ? min(characters.count, cursor + 1) : lineEnd))
    }

    package mutating func yank() { insert(String(killed)) }

    /// Swaps the two characters around the cursor, or the last two.
    package mutating func transpose() {
        guard characters.count > 1, cursor > 0 else { return }
        let place = min(cursor, characters.count - 1)
        characters.swapAt(place - 1, place)
        cursor = place + 1
    }

    /// Moves to the line above or below in the same column of characters; false when there is none.
    package mutating func moveLine(up: Bool) -> Bool {
        let column = cursor - lineStart
        if up {
            guard lineStart > 0 else { return false }
            let end = lineStart - 1
            cursor = end
            cursor = min(end, lineStart + column)
        } else {
            guard lineEnd < characters.count else { return false }
            cursor = lineEnd + 1
            cursor = min(lineEnd, cursor + column)
        }
        return true
    }

    private mutating func delete(_ range: Range<Int>) {
        characters.removeSubrange(range)
        cursor = range.lowerBound
    }

    private mutating func kill(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        killed = Array(characters[range])
        delete(range)
    }

    private var lineStart: Int { (characters[..<cursor].lastIndex(of: "\n") ?? -1) + 1 }
    private var lineEnd: Int { characters[cursor...].firstIndex(of: "\n") ?? characters.count }

    private var wordStart: Int {
        var place = cursor
        while place > 0, !Self.isWord(characters[place - 1]) { place -= 1 }
        while place > 0, Self.isWord(characters[place - 1]) { place -= 1 }
        return place
    }

    private var wordEnd: Int {
        var place = cursor
        while place < characters.count, !Self.isWord(characters[place]) { place += 1 }
        while place < characters.count, Self.isWord(characters[place]) { place += 1 }
        return place
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
