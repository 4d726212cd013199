import Extraction
import Foundation
import Testing

@Suite struct MainTextTests {
    static func page(_ html: String) throws -> MainText { try HTMLExtraction.mainText(Array(html.utf8)) }

    static let sentences = (1...6).map { number in
        "Paragraph number \(number) says something of its own, at some length, and it ends with a full stop."
    }
    static let chinese = ["一", "二", "三", "四", "五", "六"].map { "第\($0)段说的是一件单独的事情，写得不长也不短，最后用句号结束。" }

    static func article(_ sentences: [String], around: String = "%") -> String {
        let paragraphs = sentences.map { "<p>\($0)</p>" }.joined(separator: "\n")
        return """
            <html lang="en"><head><title>The heading of it - The Paper</title>
            <meta property="article:published_time" content="2026-11-26T08:00:00Z"><script>var a = "<p>no</p>";</script>
            </head><body><header><a href="/">Home</a> <a href="/n">News</a></header>
            <nav><ul><li><a href="/a">One</a></li><li><a href="/b">Two</a></li></ul></nav>
            <div class="post-content"><h1>The heading of it</h1>
            \(around.replacingOccurrences(of: "%", with: paragraphs))</div>
            <div class="comments"><p>First comment, which says that all of this is quite wrong, of course.</p></div>
            <aside class="sidebar"><p>Subscribe to our letter, it comes each day and it is free of charge.</p></aside>
            <div class="related"><a href="/1">Another story, which is about cats</a>
            <a href="/2">One about dogs</a></div>
            <footer>Copyright © 2026 The Paper. All rights reserved.</footer></body></html>
            """
    }

    @Test func theArticleStaysAndItsSurroundingsGo() throws {
        let page = try Self.page(Self.article(Self.sentences))
        #expect(page.text == "# The heading of it\n\n" + Self.sentences.joined(separator: "\n\n"))
        #expect(page.title == "The heading of it" && page.date == "2026-11-26" && page.language == "en")
    }

    @Test func chinesePagesToo() throws {
        let page = try Self.page(Self.article(Self.chinese))
        #expect(page.text == "# The heading of it\n\n" + Self.chinese.joined(separator: "\n\n"))
    }

    /// Old pages part paragraphs by line breaks, in cells of a table.
    @Test func lineBreaksAndLayoutTablesAreParagraphs() throws {
        let html =
            "<table><tr><td><a href='/'>首页</a></td><td><font size=3>" + Self.chinese.joined(separator: "<br><br>")
            + "</td></tr></table>"
        #expect(try Self.page(html).text == Self.chinese.joined(separator: "\n\n"))
    }

    @Test func shapeIsKept() throws {
        let html = Self.article(
            Self.sentences,
            around: """
                <p>\(Self.sentences[0])</p><h2>Part <em>two</em></h2><ul><li>one item<ul><li>inner</li></ul></li>
                <li>another &amp; more</li></ul><ol><li>first</li><li><p>second</p></li></ol>
                <pre><code>let a = 1\n  let b = 2 &lt; 3</code></pre>
                <blockquote><p>Quoted words of somebody.</p></blockquote>
                <table><tr><th>Name</th><th>Size</th></tr><tr><td>a</td><td><a href="/a">1</a></td></tr></table>
                <p>\(Self.sentences[1])</p>
                """)
        #expect(
            try Self.page(html).text == """
                # The heading of it

                \(Self.sentences[0])

                ## Part two

                - one item
                  - inner
                - another & more
                1. first
                2. second

                ```
                let a = 1
                  let b = 2 < 3
                ```

                > Quoted words of somebody.

                | Name | Size |
                | --- | --- |
                | a | 1 |

                \(Self.sentences[1])
                """)
    }

    @Test func whiteSpaceIsOneSpaceAndNoneBetweenIdeographs() throws {
        let html = Self.article([
            "<b>Bold</b> and\n <i>slanted</i>&nbsp;words,  twelve of them at the least, stand here.",
            "一行中文在编辑器里\n折成了两行，读起来仍然是一行，不该多出空格来。",
        ])
        let text = try Self.page(html).text
        #expect(text.contains("Bold and slanted words, twelve"))
        #expect(text.contains("一行中文在编辑器里折成了两行"))
    }

    @Test(arguments: [
        ("<time datetime='2025-03-04T00:00'>x</time>", "2025-03-04"),
        ("<script type='application/ld+json'>{\"datePublished\" : \"2024-01-02T03:04\"}</script>", "2024-01-02"),
        ("<meta name=pubdate content='2023年7月8日'>", "2023-07-08"),
        ("<meta name=date content='March 5, 2022'>", "2022-03-05"),
        ("<meta name=date content='6 Apr 2021'>", "2021-04-06"), ("<meta name=date content=20200708>", "2020-07-08"),
        ("<meta name=date content='2020-13-45'>", nil), ("", nil),
    ])
    func daysAreRead(head: String, day: String?) throws {
        let html = head + Self.sentences.map { "<p>\($0)</p>" }.joined()
        #expect(try Self.page(html).date == day)
    }

    @Test func daysNearTheHeadingAreRead() throws {
        let paragraphs = Self.chinese.map { "<p>\($0)</p>" }.joined()
        let html = "<h1>标题在这里</h1><div>来源：某报 2026年1月2日 10:30</div>" + paragraphs
        #expect(try Self.page(html).date == "2026-01-02")
    }

    @Test(arguments: [
        ("What happened | The Paper", "What happened"), ("短缺药品保供稳价_中国日报网", "短缺药品保供稳价"),
        ("A - B", "A - B"), ("One title &amp; no more", "One title & no more"),
    ])
    func titlesLoseTheirSite(title: String, expected: String) throws {
        #expect(try Self.page("<title>\(title)</title><p>\(Self.sentences[0])</p>").title == expected)
    }

    /// Under a picture, and other pages' beginnings: no part of the text.
    @Test func captionsAndTeasersGo() throws {
        let teasers = (1...4).map {
            "<div><h3><a href=/\($0)>Another page</a></h3><p>It says that, and more.</p></div>"
        }
        let html = Self.article(
            Self.sentences,
            around: "<figure><img src=x><figcaption>A picture of something, by somebody.</figcaption></figure>%<div>"
                + teasers.joined() + "</div>")
        #expect(try Self.page(html).text == "# The heading of it\n\n" + Self.sentences.joined(separator: "\n\n"))
    }

    /// Sections have ids of their own words, which say nothing about their part in the page.
    @Test func sectionsAreNotWhatTheirIdsSay() throws {
        let sections = ["copyright-considerations", "core-tools", "related", "sharing"].enumerated().map { index, id in
            let heading = "<h2 id=\"\(id)\">Part \(index)<a href=\"#\(id)\">¶</a></h2>"
            let body = Self.sentences.prefix(2).map { "<p>\($0)</p>" }.joined()
            return index % 2 == 0
                ? "<section id=\(id)>\(heading)\(body)</section>"
                : "<div class=section id=\(id)>\(heading)\(body)</div>"
        }
        let text = try Self.page("<body><div>" + sections.joined() + "</div></body>").text
        for index in 0..<4 { #expect(text.contains("## Part \(index)\n\n\(Self.sentences[0])")) }
    }

    /// Links do not count against a list that is announced, nor against a table that names its columns.
    @Test func announcedLinksStay() throws {
        let list =
            "<p>\(Self.sentences[0])</p><p>See these:</p><ul><li><a href=/1>One guide</a></li>"
            + "<li><a href=/2>Two</a></ul>"
        let html = Self.article(Self.sentences, around: list + "<p>\(Self.sentences[1])</p>")
        #expect(try Self.page(html).text.contains("See these:\n\n- One guide\n- Two\n\n"))
    }

    @Test func pagesWithoutTextAreNamed() throws {
        for html in ["", "<html>", "<nav><a href=/>x</a></nav>", "\0\0", "<script>let x = 1</script>"] {
            #expect(throws: ExtractionError.noText) { try Self.page(html) }
        }
        var limits = ExtractionLimits()
        limits.pageBytesMax = 10
        #expect(throws: ExtractionError.tooLong(bytes: 11, bytesMax: 10)) {
            try HTMLExtraction.mainText(Array("<p>12345678".utf8), limits: limits)
        }
    }

    /// XHTML closes elements that HTML leaves open: an anchor must not swallow the page.
    @Test func emptyElementsOfXHTMLAreEmpty() throws {
        let html =
            "<?xml version=\"1.0\"?><html><body><div id=\"top\"/><script src=\"x\"/><a href=\"#a\"/>"
            + Self.sentences.map { "<p><a id=\"x\"/>\($0)</p>" }.joined() + "</body></html>"
        #expect(try Self.page(html).text == Self.sentences.joined(separator: "\n\n"))
    }
}
