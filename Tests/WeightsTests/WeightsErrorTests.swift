import Testing
import Weights

@Suite struct WeightsErrorTests {
    @Test func saysWhereWhatAndWhatToDo() throws {
        var builder = GGUFBuilder.small
        builder.tensors[2].offset = 1
        let error = try #require(failure(builder))
        #expect(
            error.description == """
                cannot read the GGUF file test.gguf: tensor “norm”, offset: expected a multiple of 32, found 1; \
                the file is damaged or was made by a faulty program; get it again
                """)
    }

    @Test func textOfAFileIsShortenedAndEscaped() {
        #expect(shown("text 你好") == "“text 你好”")
        #expect(shown("a\u{1B}[2J\n\u{202E}") == "“a\\u{1b}[2J\\u{a}\\u{202e}”")
        #expect(shown(String(repeating: "x", count: 81)) == "“" + String(repeating: "x", count: 80) + "…”")
        // One character of many scalars is cut too.
        #expect(shown("e" + String(repeating: "\u{301}", count: 10_000)).unicodeScalars.count == 83)
    }
}
