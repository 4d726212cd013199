import Testing
import danlu

@Suite struct LineBufferTests {
    @Test func insertsAtTheCursor() {
        var buffer = LineBuffer("你好")
        buffer.move(by: -1)
        buffer.insert("们ab")
        #expect(buffer.text == "你们ab好" && buffer.cursor == 4)
    }

    @Test func anAccentJoinsItsLetter() {
        var buffer = LineBuffer("ex")
        buffer.move(by: -1)
        buffer.insert("\u{301}")
        #expect(buffer.characters.count == 2 && buffer.cursor == 1)
        buffer.deleteBackward()
        #expect(buffer.text == "x")
    }

    @Test func deletesWhatPeopleSeeAsOne() {
        var buffer = LineBuffer("a👨‍👩‍👧‍👦🇨🇳中")
        for rest in ["a👨‍👩‍👧‍👦🇨🇳", "a👨‍👩‍👧‍👦", "a", "", ""] {
            buffer.deleteBackward()
            #expect(buffer.text == rest)
        }
    }

    @Test func wordsAndLines() {
        var buffer = LineBuffer("one two, three")
        buffer.killWord(forward: false)
        #expect(buffer.text == "one two, ")
        buffer.killWord(forward: false)
        #expect(buffer.text == "one ")
        buffer.yank()
        #expect(buffer.text == "one two, ")
        buffer.moveToLineStart()
        buffer.moveWord(forward: true)
        #expect(buffer.cursor == 3)
        buffer.killToLineEnd()
        #expect(buffer.text == "one")
        buffer.killToLineStart()
        #expect(buffer.isEmpty)
    }

    @Test func movesBetweenLines() {
        var buffer = LineBuffer("long line\nab\nthird")
        let atEnd = buffer.moveLine(up: false)
        #expect(!atEnd)
        let up = buffer.moveLine(up: true)
        #expect(up && buffer.cursor == 12)
        let upAgain = buffer.moveLine(up: true)
        #expect(upAgain && buffer.cursor == 2)
        let beyond = buffer.moveLine(up: true)
        #expect(!beyond && buffer.cursor == 2)
        let down = buffer.moveLine(up: false)
        #expect(down && buffer.cursor == 12)
        buffer.killToLineEnd()
        #expect(buffer.text == "long line\nabthird")
    }

    @Test func transposes() {
        var buffer = LineBuffer("ab")
        buffer.transpose()
        #expect(buffer.text == "ba")
        buffer = LineBuffer("x")
        buffer.transpose()
        #expect(buffer.text == "x")
    }
}
