import Corpus
import Testing

@Suite struct CatalogueTests {
    static let text = #"""
        msgid ""
        msgstr ""
        "Language: zh_CN\n"
        "Content-Type: text/plain; charset=UTF-8\n"

        # note
        msgctxt "menu"
        msgid "Open \"%s\"\n"
        msgstr ""
        "打开"
        "“%s”\n"

        #, fuzzy
        msgid "guess"
        msgstr "猜"

        msgid "%d file"
        msgid_plural "%d files"
        msgstr[0] "%d 个文件"
        msgstr[1] "x"
        msgid "nothing"
        msgstr ""
        #~ msgid "old"
        #~ msgstr "旧"
        """#
    static let messages = [
        CatalogueMessage(context: "menu", source: "Open \"%s\"\n", translation: "打开“%s”\n"),
        CatalogueMessage(source: "%d file", translation: "%d 个文件"),
    ]

    /// What msgfmt makes of pairs.
    static func compiled(_ pairs: [(String, String)], isBigEndian: Bool = false) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] {
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isBigEndian ? bytes.reversed() : bytes
        }
        let tables = 28
        var (sources, translations, data): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        let base = tables + 16 * pairs.count
        for (index, keep) in [\(String, String).0, \.1].enumerated() {
            for pair in pairs {
                let bytes = Array(pair[keyPath: keep].utf8)
                let entry = word(bytes.count) + word(base + data.count)
                if index == 0 { sources += entry } else { translations += entry }
                data += bytes + [0]
            }
        }
        return word(0x9504_12DE) + word(0) + word(pairs.count) + word(tables) + word(tables + 8 * pairs.count) + word(0)
            + word(0) + sources + translations + data
    }

    static let pairs = [
        ("", "Language: zh_CN\nContent-Type: text/plain; charset=UTF-8\n"),
        ("menu\u{4}Open \"%s\"\n", "打开“%s”\n"), ("%d file\0%d files", "%d 个文件\0x"), ("nothing", ""),
    ]

    @Test func bothFormsAreRead() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        for (name, bytes) in [
            ("a.po", Array(Self.text.utf8)), ("a.mo", Self.compiled(Self.pairs)),
            ("b.mo", Self.compiled(Self.pairs, isBigEndian: true)),
            ("c.mo", TemporaryFolder.gzip(bytes: Self.compiled(Self.pairs))),
        ] {
            let file = try folder.write(name, bytes)
            let catalogue = try MessageCatalogue.read(path: file)
            #expect(catalogue.language == "zh_CN" && catalogue.messages == Self.messages, "\(name)")
            let (documents, _) = try RawReaderTests.read(file)
            #expect(RawReaderTests.texts(documents) == ["打开“%s”\n\n%d 个文件"])
            #expect(documents[0].metadata == ["kind": "messages", "language": "zh_CN"])
        }
    }

    @Test func brokenCataloguesAreNamed() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let whole = Self.compiled(Self.pairs)
        for count in 0..<whole.count {
            let (_, faults) = try RawReaderTests.read(folder.write("a.mo", Array(whole.prefix(count))))
            if (1..<60).contains(count) { #expect(!faults.isEmpty, "\(count)") }
        }
        var huge = whole
        huge.replaceSubrange(8..<12, with: [255, 255, 255, 255])
        #expect(throws: CorpusError.self) { try MessageCatalogue.read(path: folder.write("b.mo", huge)) }
        #expect(throws: CorpusError.self) { try MessageCatalogue.read(path: folder.write("c.po", "no catalogue")) }
    }
}
