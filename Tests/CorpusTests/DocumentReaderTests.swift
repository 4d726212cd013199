import Corpus
import Testing

@Suite struct DocumentReaderTests {
    private func read(_ path: String, _ limits: CorpusLimits = CorpusLimits()) throws -> [Document] {
        var reader = try TextSource(path: path, limits: limits).reader()
        var documents: [Document] = []
        while let document = try reader.next() { documents.append(document) }
        return documents
    }

    @Test func aPlainFileIsADocument() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.write("a.txt", "\u{FEFF}\n\n你好\r\n\r\nworld\n\n")
        #expect(try read(file) == [Document(text: "你好\n\nworld", file: file, line: 3)])
    }

    @Test func separatorsEndDocuments() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.write("a.md", "one\n<|endoftext|>\n<|endoftext|>\n\ntwo\nlines")
        #expect(try read(file).map(\.text) == ["one", "two\nlines"])
        #expect(try read(file).map(\.line) == [1, 5])
    }

    @Test func longTextsAreCutBetweenParagraphs() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var limits = CorpusLimits()
        (limits.partBytes, limits.partBytesMax) = (10, 30)
        let file = try folder.write("a.txt", "0123456\n0123456\n\nnext\n" + String(repeating: "abcdefg\n", count: 5))
        #expect(
            try read(file, limits).map(\.text) == [
                "0123456\n0123456", "next\nabcdefg\nabcdefg\nabcdefg\nabcdefg", "abcdefg",
            ])
    }

    @Test func jsonLinesHaveATextEach() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.write("a.jsonl", #"{"title": "x", "text": "一"}"# + "\n\n" + #"{"text": "a\nb"}"#)
        #expect(try read(file).map(\.text) == ["一", "a\nb"])
        #expect(try read(file).map(\.line) == [1, 3])
    }

    @Test(arguments: [
        (#"{"text": "x"}"# + "\n{", 2, ""), (#"{"texts": "x"}"#, 1, "text"), (#"{"text": 3}"#, 1, "text"),
        ("[]", 1, ""),
    ])
    func brokenLinesAreNamed(content: String, line: Int, field: String) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.write("a.jsonl", content)
        #expect {
            try read(file)
        } throws: { error in
            guard case .brokenLine(file, line, field, _, 0) = error as? CorpusError else { return false }
            return "\(error)".contains("a.jsonl, line \(line)")
        }
    }

    @Test func brokenLinesArePassedOverUpToTheLimit() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var limits = CorpusLimits()
        limits.brokenLinesMax = 2
        let file = try folder.write("a.jsonl", "{\n{}\n" + #"{"text": "x"}"#)
        var reader = try TextSource(path: file, limits: limits).reader()
        #expect(try reader.next()?.text == "x")
        #expect(reader.brokenLines == 2)
        #expect(reader.firstBrokenLine?.description.contains("line 1") == true)
        try folder.write("a.jsonl", "{\n{}\n1\n")
        #expect(throws: CorpusError.self) { try read(file, limits) }
    }

    @Test func bytesThatAreNotUTF8BreakTheirLine() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var limits = CorpusLimits()
        let plain = try folder.write("a.txt", Array("good\n".utf8) + [0xE6, 0x0A] + Array("better\n".utf8))
        #expect(throws: CorpusError.self) { try read(plain, limits) }
        let json = try folder.write("a.jsonl", Array(#"{"text": ""#.utf8) + [0xE6] + Array(#""}"#.utf8))
        #expect(throws: CorpusError.self) { try read(json, limits) }
        limits.brokenLinesMax = 1
        #expect(try read(plain, limits).map(\.text) == ["good\nbetter"])
        #expect(try read(json, limits).isEmpty)
    }

    @Test func longLinesBreak() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var limits = CorpusLimits()
        limits.lineBytesMax = 15
        limits.brokenLinesMax = 1
        let file = try folder.write("a.jsonl", #"{"text": "123"}"# + "\n" + #"{"text": "1234"}"# + "\n")
        #expect(try read(file, limits).map(\.text) == ["123"])
    }

    /// A plain line has no end that it must have: its parts are documents, of whole characters.
    @Test func longPlainLinesAreCut() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var limits = CorpusLimits()
        let line = String(repeating: "a你é😀", count: 50)
        let file = try folder.write("a.txt", "one\n" + line + "\ntwo\n")
        for bytes in 4...40 {
            limits.plainLineBytesMax = bytes
            let documents = try read(file, limits)
            let parts = documents.map(\.text).joined(separator: "\u{0}").split(separator: "\n", maxSplits: 1)
            #expect(parts.first == "one")
            #expect(parts.last.map { $0.filter { $0 != "\u{0}" } } == line + "\ntwo")
            #expect(documents.map(\.line).allSatisfy { (1...3).contains($0) })
            #expect(documents.allSatisfy { $0.text.utf8.count <= bytes + 8 })
        }
    }

    @Test func foldersAreReadInOrder() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        try folder.write("b/z.txt", "2")
        try folder.write("b/.hidden.txt", "no")
        try folder.write("B.md", "0")
        try folder.write("a.jsonl.gz", TemporaryFolder.gzip(#"{"text": "1"}"#))
        try folder.write("picture.png", "no")
        #expect(try read(folder.path).map(\.text) == ["0", "1", "2"])
        #expect(throws: CorpusError.noText(path: folder.path + "/picture.png")) {
            try read(folder.path + "/picture.png")
        }
        #expect(throws: CorpusError.self) { try read(folder.path + "/nowhere") }
    }

    @Test func gzipMayHaveSeveralMembersAndMustBeWhole() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let text = (0..<200_000).map { "line \($0)\n" }.joined()
        let bytes = TemporaryFolder.gzip(text) + TemporaryFolder.gzip("last")
        let file = try folder.write("a.txt.gz", bytes)
        let documents = try read(file)
        #expect(documents.map(\.text).joined(separator: "\n").hasSuffix("line 199999\nlast"))
        #expect(documents.count > 10)
        try folder.write("a.txt.gz", Array(bytes.prefix(bytes.count / 2)))
        #expect(throws: CorpusError.self) { try read(file) }
        try folder.write("a.txt.gz", [1, 2, 3] + bytes)
        #expect(throws: CorpusError.self) { try read(file) }
    }

    @Test(arguments: [
        ("春眠不覺曉", TextLanguage.chinese), ("Spring sleep", .english), ("", .english), ("123 。，", .english),
        ("使用 TiDB 部署集群时的配置", .chinese), ("The character 春 means spring", .english), ("かな", .english),
    ])
    func languageIsTheShareOfHan(text: String, language: TextLanguage) {
        #expect(TextLanguage(of: text) == language)
    }
}
