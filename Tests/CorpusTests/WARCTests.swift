import Corpus
import Testing

@Suite struct WARCTests {
    static func record(_ type: String, _ body: [UInt8], _ headers: String = "", length: Int? = nil) -> [UInt8] {
        Array("WARC/1.0\r\nWARC-Type: \(type)\r\n\(headers)Content-Length: \(length ?? body.count)\r\n\r\n".utf8) + body
            + Array("\r\n\r\n".utf8)
    }

    static func response(
        _ html: [UInt8], _ headers: String = "Content-Type: text/html\r\n", status: Int = 200
    ) -> [UInt8] {
        Array("HTTP/1.1 \(status) OK\r\n\(headers)\r\n".utf8) + html
    }

    @Test func pagesAndTextsAreGiven() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let gbk: [UInt8] = [0xC4, 0xE3, 0xBA, 0xC3, 0xCA, 0xC0, 0xBD, 0xE7]
        let warc =
            Self.record("warcinfo", Array("x".utf8))
            + Self.record(
                "response", Self.response(Array("<p>".utf8) + gbk, "Content-Type: text/html; charset=gbk\r\n"),
                "WARC-Target-URI: <http://a/>\r\nWARC-Date: 2026-01-02T03:04:05Z\r\nContent-Type: application/http\r\n")
            + Self.record("response", Self.response(Array("gone".utf8), status: 404))
            + Self.record("response", Self.response([1, 2, 3], "Content-Type: image/png\r\n"))
            + Self.record(
                "response",
                Self.response(
                    Array("4\r\n<p>a\r\n2;x\r\nbc\r\n0\r\n\r\n".utf8),
                    "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"))
            + Self.record(
                "response",
                Self.response(
                    TemporaryFolder.gzip("<p>z"), "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"))
            + Self.record("conversion", Array("plain".utf8), "Content-Type: text/plain\r\n")
        for name in ["a.warc", "a.warc.gz"] {
            let bytes = name.hasSuffix("gz") ? TemporaryFolder.gzip(bytes: warc) : warc
            let (documents, faults) = try RawReaderTests.read(folder.write(name, bytes))
            #expect(RawReaderTests.texts(documents) == ["<p>你好世界", "<p>abc", "<p>z", "plain"])
            #expect(documents.map(\.isHTML) == [true, true, true, false])
            #expect(documents[0].metadata == ["url": "http://a/", "date": "2026-01-02T03:04:05Z"])
            #expect(documents[0].place == "record 2")
            #expect(faults.isEmpty, "\(faults)")
        }
    }

    @Test func brokenRecordsArePassedOver() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let good = Self.record("resource", Array("<p>good".utf8), "Content-Type: text/html\r\n")
        let noLength = Array("WARC/1.0\r\nWARC-Type: response\r\n\r\nstray\r\n\r\n".utf8)
        let huge = Self.record("response", Array("x".utf8), length: 1 << 60)
        let negative = Self.record("response", [], length: -5)
        var limits = CorpusLimits()
        limits.documentBytesMax = 1000
        let long = Self.record("resource", [UInt8](repeating: 0x61, count: 2000), "Content-Type: text/html\r\n")
        let notHTTP = Self.record("response", Array("nonsense".utf8))
        let (documents, faults) = try RawReaderTests.read(
            folder.write("a.warc", good + noLength + negative + long + notHTTP + good + huge), limits: limits)
        #expect(RawReaderTests.texts(documents) == ["<p>good", "<p>good"])
        for word in ["no length", "are no record", "the limit is 1000", "no HTTP", "ends within"] {
            #expect(faults.contains { $0.contains(word) }, "\(word): \(faults)")
        }
    }

    /// Cut anywhere, an archive gives the records before the cut and says that it ends.
    @Test func anyCutIsSurvived() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let one = Self.record("response", Self.response(Array("<p>page".utf8)))
        let warc = one + one
        for count in 0..<warc.count {
            let (documents, _) = try RawReaderTests.read(folder.write("a.warc", Array(warc.prefix(count))))
            #expect(documents.count == (count < one.count - 4 ? 0 : count < warc.count - 4 ? 1 : 2), "\(count)")
        }
    }
}
