import CZlib
import Corpus
import Testing

@Suite struct ArchiveTests {
    /// A zip archive; `claimed` is what its table says that the last member unfolds to.
    static func zip(_ members: [(name: String, text: String)], claimed: Int? = nil) -> [UInt8] {
        func word(_ value: Int, _ count: Int = 4) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var (data, table): ([UInt8], [UInt8]) = ([], [])
        for (index, member) in members.enumerated() {
            let bytes = Array(member.text.utf8)
            let name = Array(member.name.utf8)
            // gzip holds bare deflate data between ten bytes and eight.
            let isStored = index % 2 == 0
            let packed = isStored ? bytes : Array(TemporaryFolder.gzip(bytes: bytes).dropFirst(10).dropLast(8))
            let size = index == members.count - 1 ? claimed ?? bytes.count : bytes.count
            let sizes = word(0) + word(packed.count) + word(size) + word(name.count, 2) + word(0, 2)
            let method = word(isStored ? 0 : 8, 2) + word(0)
            table += [0x50, 0x4B, 1, 2] + word(20, 2) + word(20, 2) + word(0, 2) + method + sizes
            table += word(0, 2) + word(0, 2) + word(0, 2) + word(0) + word(data.count) + name
            data += [0x50, 0x4B, 3, 4] + word(20, 2) + word(0, 2) + method + sizes + name + packed
        }
        return data + table + [0x50, 0x4B, 5, 6] + word(0) + word(members.count, 2) + word(members.count, 2)
            + word(table.count) + word(data.count) + word(0, 2)
    }

    static let container =
        #"<?xml version="1.0"?><container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"#
    static let package = """
        <package><metadata><dc:title>The &amp; Book</dc:title><dc:language>zh</dc:language></metadata><manifest>
        <item id="b" href="two%20.xhtml"/><item id="a" href='text/../one.xhtml'/><item id="c" href="gone.xhtml"/>
        </manifest>
        <spine><itemref idref="a"/><itemref idref="c"/><itemref idref="b"/></spine></package>
        """
    static let members = [
        ("mimetype", "application/epub+zip"), ("META-INF/container.xml", container), ("OEBPS/book.opf", package),
        ("OEBPS/two .xhtml", "<p>two</p>"), ("OEBPS/one.xhtml", "<p>one</p>"),
    ]

    @Test func chaptersComeInTheOrderOfTheBook() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (documents, faults) = try RawReaderTests.read(folder.write("a.epub", Self.zip(Self.members)))
        #expect(RawReaderTests.texts(documents) == ["<p>one</p>", "<p>two</p>"])
        #expect(documents.allSatisfy { $0.isHTML && $0.metadata == ["title": "The & Book", "language": "zh"] })
        #expect(faults.isEmpty)
        let bare = Self.zip([("b.html", "<p>b"), ("a.html", "<p>a"), ("x.png", "")])
        #expect(
            RawReaderTests.texts(try RawReaderTests.read(folder.write("b.epub", bare)).documents) == ["<p>a", "<p>b"])
    }

    /// A member that says it is small and is not, one that says it is huge, and every cut of an archive.
    @Test func bombsAndBrokenArchivesArePassedOver() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let zeros = String(repeating: "<p>0</p>", count: 1 << 18)
        let bomb = [("a.html", "<p>a"), ("b.html", zeros)]
        for claimed in [16, 1 << 31] {
            let (documents, faults) = try RawReaderTests.read(
                folder.write("a.epub", Self.zip(bomb, claimed: claimed)))
            #expect(RawReaderTests.texts(documents) == ["<p>a"])
            #expect(faults.count == 1, "\(faults)")
        }
        let whole = Self.zip(Self.members)
        for count in 0..<whole.count {
            let (documents, faults) = try RawReaderTests.read(folder.write("a.epub", Array(whole.prefix(count))))
            #expect(documents.isEmpty && faults.count == 1, "\(count)")
        }
        for index in stride(from: 0, to: whole.count, by: 3) {
            var broken = whole
            broken[index] ^= 0xFF
            _ = try RawReaderTests.read(folder.write("a.epub", broken))
        }
    }
}
