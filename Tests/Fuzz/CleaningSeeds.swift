import Corpus
import Extraction
import Foundation

/// What washing reads: pages, and raw files of each format.
enum CleaningSeeds {
    static let page = FuzzTarget(
        name: "page", seeds: pages.map { Array($0.utf8) },
        words: words([
            "<div>", "</div>", "<table>", "<td>", "</table>", "<pre>", "<!--", "-->", "<![CDATA[", "]]>", "<a href=x>",
            "<script>", "&#xF8F0;", "\u{F8F0}AAAA", "<ul><li>", "<title>", "hidden", "class=\"comment\"",
        ])
    ) { bytes in
        guard let page = try? HTMLExtraction.mainText(bytes) else { return false }
        precondition(String(validating: page.bytes, as: UTF8.self) != nil, "the text is not UTF-8")
        return true
    }

    /// The first byte of an input chooses the format.
    static let raw = FuzzTarget(
        name: "raw",
        seeds: files.map { format, text in
            [UInt8(RawFormat.allCases.firstIndex(of: format) ?? 0)] + Array(text.utf8)
        } + [[UInt8(RawFormat.allCases.firstIndex(of: .epub) ?? 0)] + book],
        words: words([
            "WARC/1.0\r\n", "Content-Length: ", "99999999999999999999", "\r\n\r\n", " --> ", "Dialogue: ", "msgid \"",
            "\\u", "\"text\":", "[{", "\u{1F}\u{8B}\u{8}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "12/31/25, 10:01 PM - A: ",
            "\"mapping\":",
        ])
    ) { bytes in
        guard let first = bytes.first else { return false }
        let path = NSTemporaryDirectory() + "danlu-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
        defer { unlink(path) }
        guard let file = fopen(path, "w") else { return false }
        _ = bytes.dropFirst().withContiguousStorageIfAvailable { fwrite($0.baseAddress, 1, $0.count, file) }
        fclose(file)
        let format = RawFormat.allCases[Int(first) % RawFormat.allCases.count]
        guard let reader = try? RawReader(RawFile(path: path, name: "fuzz", bytes: 0, format: format)) else {
            return false
        }
        var documents = 0
        while let document = try? reader.next() {
            precondition(String(validating: document.bytes, as: UTF8.self) != nil, "the text is not UTF-8")
            documents += 1
        }
        return documents > 0
    }

    private static func words(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private static let pages = [
        """
        <html lang=zh><head><title>标题 - 站</title><meta name=date content=2026-01-02></head><body>
        <nav><a href=/>首页</a></nav>
        <div class="content"><h1>标题</h1><p>第一段话，写得不长也不短，最后用句号结束。</p><ul><li>项<ol><li>内</ol></ul>
        <pre>a &lt; b\n  c</pre><table><tr><th>a<th>b<tr><td>1<td>2</table><blockquote>引用的话，也是一句。</blockquote></div>
        <div class=comments>评论</div><footer>© 2026</footer></body></html>
        """,
        """
        <?xml version="1.0"?><html><body><div id="a"/><p>Words of a page, a good many of them, and a stop.<br/>More.</p>
        <table><tr><td><a href="x">link</a></td><td>
        <font>Another sentence, in a cell, which ends here.</td></tr></table>
        """,
    ]

    private static let response =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "4\r\n<p>a\r\n0\r\n\r\n"
    private static let files: [(RawFormat, String)] = [
        (
            .plain,
            "one\n<|endoftext|>\n12/31/25, 10:01 PM - A: x\n12/31/25, 10:02 PM - B: y\n12/31/25, 10:03 PM - A: z\n"
        ),
        (.html, "<meta charset=gb2312><p>\u{C4}\u{E3}"),
        (.jsonLines, #"{"text": "a\u4e00\ud83d\ude00", "meta": {"url": "u"}}"#),
        (
            .jsonLines,
            #"{"messages": [{"role": "user", "content": [{"text": "x"}]}]}"#
                + "\n{\"instruction\":\"a\",\"output\":\"b\"}"
        ),
        (
            .warc,
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://a/>\r\n"
                + "Content-Length: \(response.utf8.count)\r\n\r\n" + response + "\r\n\r\n"
        ),
        (.table, "id,text\r\n1,\"a \"\"b\"\"\nc\"\r\n2,d\r\n"),
        (.subtitles, "1\n00:00:01,000 --> 00:00:02,000\n<i>a</i> {\\an8}b\n\n"),
        (.subtitles, "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,a\\Nb\n"),
        (.messages, "msgid \"\"\nmsgstr \"Language: zh\\n\"\n\n#, fuzzy\nmsgctxt \"c\"\nmsgid \"a\"\nmsgstr \"甲\"\n"),
        (
            .json,
            #"[{"mapping": {"a": {"message": {"author": {"role": "u"}, "content": {"parts": ["q"]}}, "#
                + #""children": []}}}]"#
        ),
        (.json, #"{"messages": [{"from": "A", "text": ["x", {"text": "y"}]}]}"#),
    ]

    /// A book of one stored page.
    private static let book: [UInt8] = {
        let name = Array("a.html".utf8)
        let page = Array("<p>page</p>".utf8)
        let sizes =
            [0, 0, 0, 0] + [UInt8(page.count), 0, 0, 0] + [UInt8(page.count), 0, 0, 0] + [UInt8(name.count), 0]
        let zeros = [UInt8](repeating: 0, count: 12)
        let local = [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + [0, 0] + name + page
        let table = [0x50, 0x4B, 1, 2, 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + [0, 0] + zeros + name
        return local + table + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0] + [UInt8(table.count), 0, 0, 0]
            + [UInt8(local.count), 0, 0, 0, 0, 0]
    }()
}
