import Testing
import danlu

@Suite struct KeyDecoderTests {
    /// Bytes come in any pieces: every way to cut them in two gives the same keys.
    @Test(arguments: [
        ("hello", [Key.text("hello")]), ("你好", [.text("你好")]), ("\u{1b}[A\u{1b}[B", [.up, .down]),
        ("\u{1b}OH\u{1b}[4~", [.home, .end]), ("\u{1b}[1;5C\u{1b}b", [.wordRight, .wordLeft]),
        ("a\u{3}\u{4}\r", [.text("a"), .interrupt, .endOfFile, .enter]), ("\u{1b}\r\n", [.newline, .newline]),
        ("\u{1b}[200~x\r\ny\u{1b}[31m\u{1b}[201~z", [.text("x\ny[31mz")]), ("\u{1b}[3~\u{7f}", [.delete, .backspace]),
        ("\u{1b}[99;99Xok", [.text("ok")]), ("👨‍👩‍👧‍👦", [.text("👨‍👩‍👧‍👦")]),
    ])
    func decodes(text: String, keys: [Key]) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var decoder = KeyDecoder()
            let decoded = decoder.decode(bytes[..<cut]) + decoder.decode(bytes[cut...])
            #expect(joined(decoded) == keys, "cut at \(cut)")
        }
    }

    @Test func brokenBytesAreDropped() {
        var decoder = KeyDecoder()
        #expect(joined(decoder.decode([0xFF, 0x80, 0xE4, 0xBD, 0x61, 0xC0, 0x62])) == [.text("ab")])
    }

    private func joined(_ keys: [Key]) -> [Key] {
        keys.reduce(into: []) { result, key in
            if case .text(let text) = key, case .text(let before)? = result.last {
                result[result.count - 1] = .text(before + text)
            } else {
                result.append(key)
            }
        }
    }
}
